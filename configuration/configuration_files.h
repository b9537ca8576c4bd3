// SPDX-License-Identifier: MIT
// The configuration's files: the main one, then its drop-ins.

#pragma once

#include <string>
#include <vector>

#include "configuration/settings_reader.h"

namespace minikvm {

inline constexpr const char* kConfigurationPath = "/etc/minikvm/minikvm.toml";

struct ConfigurationFiles {
    std::vector<std::string> paths;  // those that were read, in order
    ReadSettings read;
};

/// Reads `path`, then each *.toml in the directory `path`.d, by name. Neither has to be there.
/// Errors:  none are returned: a file that cannot be read is a complaint.
/// Limits:  64 KiB a file; a longer one is left out.
/// Thread:  any thread.
ConfigurationFiles read_configuration(const std::string& path);

}  // namespace minikvm
