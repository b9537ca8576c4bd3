// SPDX-License-Identifier: MIT
// AttributeFiles: the names of a control tree as folders and files.

#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/control_grammar.h"

namespace minikvm {

/// One file or folder.
struct AttributeFile {
    mode_t mode = 0;  // as stat(2) has it: S_IFDIR or S_IFREG, and the permission bits
    std::uint64_t changes = 0;
};

/// Shape:   made from what `ls` answers: usb/switch is the file switch in the folder usb. Paths
///          begin with a slash; the root is "/".
/// Thread:  the thread that made it.
class AttributeFiles final {
public:
    explicit AttributeFiles(const std::vector<ControlAnswer>& attributes);

    /// Nothing where no such path is.
    const AttributeFile* find(std::string_view path) const;

    /// What is in a folder, sorted.
    std::vector<std::string> names_in(std::string_view folder) const;

    /// What the first level has, which is what a watch of everything names.
    std::vector<std::string> top_names() const { return names_in("/"); }

    /// An attribute has a new value; false when it has no file.
    bool changed(std::string_view attribute);

    /// All may have.
    void all_changed();

private:
    std::map<std::string, AttributeFile, std::less<>> files_;  // by path
};

/// The attribute that a path names: "/usb/switch" is "usb/switch".
std::string attribute_of(std::string_view path);

}  // namespace minikvm
