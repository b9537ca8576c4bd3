// SPDX-License-Identifier: MIT
// Reading /lib/modules and /usr/src.

#include "clients/ctl/doctor/loopback_module.h"

#include <string.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>

#include <fmt/format.h>

namespace minikvm {
namespace {

constexpr const char* kTable = "/usr/share/minikvm/v4l2loopback-kernels";
constexpr const char* kNodes = "/sys/devices/virtual/video4linux";

// It adds nodes while it is loaded. Debian 12's 0.12.7 says no version of itself.
constexpr Version kAddsNodes{.major = 0, .minor = 13, .patch = 0};

}  // namespace

Version version_of(const std::string& text) {
    Version version;
    // What does not fit stays 0.
    static_cast<void>(
        std::sscanf(text.c_str(), "%d.%d.%d", &version.major, &version.minor, &version.patch));
    return version;
}

bool has_fixed_nodes(const Machine& machine) {
    return version_of(machine.text("/sys/module/v4l2loopback/version")) < kAddsNodes;
}

std::vector<std::string> loopback_labels(const Machine& machine) {
    std::vector<std::string> labels;
    for (const std::string& node : machine.names(kNodes)) {
        labels.push_back(machine.text(fmt::format("{}/{}/name", kNodes, node)));
    }
    return labels;
}

std::string loopback_sources(const Machine& machine) {
    const std::string prefix = "v4l2loopback-";
    for (const std::string& name : machine.names("/usr/src")) {
        if (name.starts_with(prefix)) {
            return name.substr(prefix.size());
        }
    }
    return {};
}

std::optional<std::string> least_loopback_for(const Machine& machine, const std::string& kernel) {
    std::optional<std::string> least;
    for (const std::string& line : lines_of(machine.text(kTable))) {
        std::istringstream words(line);
        std::string since;
        std::string version;
        if (!line.starts_with("#") && words >> since >> version &&
            version_of(kernel) >= version_of(since)) {
            least = version;
        }
    }
    return least;
}

bool has_loopback(const Machine& machine, const std::string& kernel) {
    constexpr auto kFolders = std::to_array<const char*>({"updates/dkms", "extra", "updates"});
    constexpr auto kEndings = std::to_array<const char*>({"", ".xz", ".zst", ".gz"});
    return std::ranges::any_of(kFolders, [&](const char* folder) {
        return std::ranges::any_of(kEndings, [&](const char* ending) {
            return machine.has(
                fmt::format("/lib/modules/{}/{}/v4l2loopback.ko{}", kernel, folder, ending));
        });
    });
}

std::string next_kernel(const Machine& machine) {
    std::string newest = machine.kernel_release();
    for (const std::string& kernel : machine.names("/lib/modules")) {
        // A folder that a removed kernel left behind has no modules of the kernel's own.
        if (::strverscmp(kernel.c_str(), newest.c_str()) > 0 &&
            machine.has(fmt::format("/lib/modules/{}/kernel", kernel))) {
            newest = kernel;
        }
    }
    return newest == machine.kernel_release() ? std::string() : newest;
}

std::string loopback_signer(const Machine& machine) {
    const std::string said =
        machine.run({"/usr/sbin/modinfo", "--field=signer", "v4l2loopback"}).value_or("");
    return said.substr(0, said.find('\n'));
}

}  // namespace minikvm
