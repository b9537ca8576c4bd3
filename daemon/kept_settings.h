// SPDX-License-Identifier: MIT
// KeptSettings: what clients have set, for the next process of the same service.

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/result.h"
#include "configuration/settings.h"

namespace minikvm {

/// Shape:   note() each set that was carried out; those of attributes that have a key in the
///          configuration are kept in a file, which the service manager removes with its directory
///          when the service stops, and not when it is started anew. over() puts them over what
///          the files say. Whoever came last wins: what was set before a file changed is dropped.
/// Errors:  note: what writing the file gives; over: that is logged. A file that is not there is
///          empty, and a line that makes no sense is left out.
/// Thread:  the thread that made it (main).
class KeptSettings final {
public:
    /// Reads `path`, where an earlier process may have left what it kept.
    KeptSettings(std::string path, std::string stick_id);

    Result<void> note(std::string_view attribute, const std::string& value, const Settings& files);

    /// `files` with what is kept, set for this stick.
    Settings over(Settings files);

private:
    struct Kept {
        std::string value;       // of the attribute
        std::string configured;  // what the files said when it was set
    };

    Result<void> write() const;

    std::string path_;
    std::string stick_id_;
    std::map<std::string, Kept, std::less<>> kept_;  // by attribute
};

}  // namespace minikvm
