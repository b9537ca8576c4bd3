// SPDX-License-Identifier: MIT
// minikvm-id: tells udev's rules which stick a device belongs to.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/log.h"
#include "common/unique_fd.h"
#include "device/stick_topology.h"
#include "udev/stick_nodes_again.h"

namespace minikvm {
namespace {

constexpr std::string_view kUsage =
    "minikvm-id DEVPATH            prints MINIKVM_ID=... and the like of the stick it belongs to\n"
    "minikvm-id --plugged DEVPATH  a half has been plugged: announces the stick's nodes again\n"
    "minikvm-id --release ID       gives the stick's nodes back to everybody\n"
    "minikvm-id --claim ID         takes them again\n";

// Its existence says that the stick's service was stopped by hand, and its nodes given back.
std::string released_mark(const std::string& id) {
    return "/run/minikvm/.released-" + id;
}

std::string directory_of(std::string_view devpath) {
    return devpath.starts_with("/sys/") ? std::string(devpath) : "/sys" + std::string(devpath);
}

// The kernel takes letters, digits, - and _, and cuts what is longer than 15.
std::string sound_card_of(std::string id) {
    std::ranges::replace(id, '.', '_');
    return "KVM-" + id;
}

Result<void> print_stick(const std::string& directory) {
    const std::optional<StickMember> member = stick_above(directory);
    if (!member) {
        return {};
    }
    if (member->port) {
        std::printf("MINIKVM_PORT=%s\n", std::string(stick_port_name(*member->port)).c_str());
    } else if (::access(released_mark(member->stick.id).c_str(), F_OK) == 0) {
        std::printf("MINIKVM_RELEASED=1\n");
        return {};
    }
    std::printf("MINIKVM_ID=%s\n", member->stick.id.c_str());
    if (!member->port) {
        std::printf("MINIKVM_CARD=%s\n", sound_card_of(member->stick.id).c_str());
    }
    return {};
}

Result<void> plugged(const std::string& directory) {
    const std::optional<StickMember> member = stick_above(directory);
    if (!member || member->port) {
        return {};
    }
    ::unlink(released_mark(member->stick.id).c_str());
    return announce_again(member->stick);
}

Result<void> release(const std::string& id) {
    // A stick that is not plugged has no nodes to give back.
    const Result<std::string> hub = hub_of(id);
    const std::optional<StickHalves> stick = hub ? stick_on_hub(*hub) : std::nullopt;
    if (!stick) {
        return {};
    }
    const std::string mark = released_mark(id);
    const UniqueFd fd(::open(mark.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    if (!fd) {
        return errno_error("make " + mark);
    }
    return announce_again(*stick);
}

Result<void> claim(const std::string& id) {
    const std::string mark = released_mark(id);
    if (::unlink(mark.c_str()) < 0) {
        return errno == ENOENT ? Result<void>() : errno_error("remove " + mark);
    }
    const Result<std::string> hub = hub_of(id);
    const std::optional<StickHalves> stick = hub ? stick_on_hub(*hub) : std::nullopt;
    return stick ? announce_again(*stick) : Result<void>();
}

Result<void> run(std::string_view command, const std::string& operand) {
    if (command == "--plugged") {
        return plugged(directory_of(operand));
    }
    if (command == "--release") {
        return release(operand);
    }
    if (command == "--claim") {
        return claim(operand);
    }
    return make_error(std::make_error_code(std::errc::invalid_argument), std::string(command));
}

int status_of(const Result<void>& result) {
    if (!result) {
        log::error("kernel: {}", result.error().message());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace minikvm

int main(int argument_count, char** arguments) {
    if (argument_count == 2 && arguments[1][0] == '/') {
        return minikvm::status_of(minikvm::print_stick(minikvm::directory_of(arguments[1])));
    }
    if (argument_count == 3) {
        return minikvm::status_of(minikvm::run(arguments[1], arguments[2]));
    }
    std::fputs(minikvm::kUsage.data(), stderr);
    return EXIT_FAILURE;
}
