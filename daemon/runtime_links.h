// SPDX-License-Identifier: MIT
// RuntimeLinks: the symbolic links that name a stick's device nodes.

#pragma once

#include <map>
#include <string>

#include "common/result.h"

namespace minikvm {

/// Shape:   point() a name at a node as often as the node changes: whoever opens the link meanwhile
///          finds the old node or the new one, never nothing. Destruction removes the links.
/// Errors:  point: what symlink(2) and rename(2) give; the link is then as it was.
/// Thread:  the thread that made it.
class RuntimeLinks final {
public:
    /// Links are made in `directory`, which exists.
    explicit RuntimeLinks(std::string directory) : directory_(std::move(directory)) {}
    RuntimeLinks(const RuntimeLinks&) = delete;
    RuntimeLinks& operator=(const RuntimeLinks&) = delete;
    ~RuntimeLinks();

    /// Makes `name` lead to `node`; removes it for an empty `node`.
    Result<void> point(const std::string& name, const std::string& node);

private:
    std::string path_of(const std::string& name) const { return directory_ + "/" + name; }

    std::string directory_;
    std::map<std::string, std::string> nodes_;
};

}  // namespace minikvm
