// SPDX-License-Identifier: MIT
// Rules files by name.

#include "clients/ctl/doctor/udev_rules.h"

#include <array>
#include <map>

namespace minikvm {
namespace {

constexpr auto kDirectories = std::to_array<const char*>({
    "/etc/udev/rules.d/",
    "/run/udev/rules.d/",
    "/usr/local/lib/udev/rules.d/",
    "/usr/lib/udev/rules.d/",
    "/lib/udev/rules.d/",
});

}  // namespace

std::string rules_path(const Machine& machine, const std::string& name) {
    for (const char* directory : kDirectories) {
        if (machine.has(directory + name)) {
            return directory + name;
        }
    }
    return {};
}

std::vector<std::string> rules_with(const Machine& machine, const std::string& part) {
    std::map<std::string, std::string> paths;
    for (const char* directory : kDirectories) {
        for (const std::string& name : machine.names(directory)) {
            if (name.find(part) != std::string::npos) {
                paths.try_emplace(name, directory + name);
            }
        }
    }
    std::vector<std::string> sorted;
    for (const auto& [name, path] : paths) {
        sorted.push_back(path);
    }
    return sorted;
}

}  // namespace minikvm
