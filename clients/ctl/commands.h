// SPDX-License-Identifier: MIT
// The commands of minikvmctl.

#pragma once

#include <string>
#include <vector>

#include "common/result.h"

namespace minikvm {

/// The exit statuses of minikvmctl, as its man page lists them.
enum class ExitStatus {
    Done = 0,
    Failed = 1,
    Usage = 2,  // also: no such attribute, or not a value that it takes
    NoSuchStick = 3,
    NotAllowed = 4,
    // 5 is kept for what was asked for and not seen to happen
};

struct CommandOptions {
    std::string directory;  // where the sticks' control sockets are
    std::string stick;      // ID or name; empty: all of them
    bool json = false;
};

/// Each writes what it found to standard output and returns what the process shall exit with; what
/// went wrong has been said on standard error. Thread: main.
ExitStatus list_sticks(const CommandOptions& options);
ExitStatus get_values(const CommandOptions& options, const std::vector<std::string>& names);
ExitStatus set_value(const CommandOptions& options, const std::string& name,
                     const std::string& value);
ExitStatus list_attributes(const CommandOptions& options, const std::string& prefix);
/// Ends only when a daemon does.
ExitStatus watch_values(const CommandOptions& options, const std::vector<std::string>& names);

/// Says on standard error what went wrong, and what the process shall exit with for it.
ExitStatus complain(const Error& error);

}  // namespace minikvm
