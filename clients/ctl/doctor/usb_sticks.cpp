// SPDX-License-Identifier: MIT
// Halves on hubs.

#include "clients/ctl/doctor/usb_sticks.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <map>
#include <system_error>

#include <fmt/format.h>

namespace minikvm {
namespace {

namespace files = std::filesystem;

constexpr std::string_view kDevices = "/sys/bus/usb/devices";

enum class Kind { Capture, Serial };

struct HalfId {
    std::string_view vendor;
    std::string_view product;
    Kind kind;
};

// docs/hardware.md 0: Mini-KVM 1.x, Mini-KVM v2, KVM-GO.
constexpr auto kHalves = std::to_array<HalfId>({
    {"534d", "2109", Kind::Capture},
    {"345f", "2109", Kind::Capture},
    {"345f", "2132", Kind::Capture},
    {"1a86", "7523", Kind::Serial},
    {"1a86", "fe0c", Kind::Serial},
});

std::optional<Kind> kind_of(const Machine& machine, const std::string& directory) {
    const std::string vendor = machine.text(directory + "/idVendor");
    const std::string product = machine.text(directory + "/idProduct");
    for (const HalfId& half : kHalves) {
        if (vendor == half.vendor && product == half.product) {
            return half.kind;
        }
    }
    return std::nullopt;
}

// "1-2.1" hangs on 1-2, and "3-1" on usb3.
std::string hub_of(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    return dot != std::string::npos ? name.substr(0, dot) : "usb" + name.substr(0, name.find('-'));
}

// A root hub's serial number is the name of its controller (drivers/usb/core/hcd.c). A virtual
// controller is one stick's own.
bool can_be_a_sticks(const Machine& machine, const std::string& hub) {
    return !hub.starts_with("usb") ||
           machine.text(fmt::format("{}/{}/serial", kDevices, hub)).starts_with("vhci_hcd");
}

std::vector<HalfNode> nodes_below(const std::string& directory) {
    constexpr auto kSubsystems = std::to_array<std::string_view>({"video4linux", "hidraw", "tty"});
    std::error_code ignored;
    std::vector<HalfNode> nodes;
    for (auto entry = files::recursive_directory_iterator(directory, ignored);
         entry != files::recursive_directory_iterator(); entry.increment(ignored)) {
        const std::string above = entry->path().parent_path().filename();
        if (entry->is_directory(ignored) &&
            std::ranges::find(kSubsystems, above) != kSubsystems.end()) {
            nodes.push_back({above, entry->path().filename()});
        }
    }
    std::ranges::sort(nodes, {}, &HalfNode::name);
    return nodes;
}

UsbHalf half_at(const Machine& machine, const std::string& name, const std::string& directory) {
    UsbHalf half{.name = name,
                 .directory = directory,
                 .usb_id = fmt::format("{}:{}", machine.text(directory + "/idVendor"),
                                       machine.text(directory + "/idProduct")),
                 .nodes = nodes_below(machine.path(directory))};
    const std::string speed = machine.text(directory + "/speed");
    std::from_chars(speed.data(), speed.data() + speed.size(), half.speed_mbit);
    return half;
}

// The kernel links a hub's port with the port of the other bus in the same connector
// (drivers/usb/core/port.c).
std::optional<UsbHalf> capture_on_the_other_bus(const Machine& machine, const std::string& hub) {
    const std::string peer = fmt::format("{}/{}/port/peer/device", kDevices, hub);
    std::error_code code;
    const files::path real = files::canonical(machine.path(peer), code);
    if (code || kind_of(machine, peer) != Kind::Capture) {
        return std::nullopt;
    }
    const std::string name = real.filename();
    return half_at(machine, name, fmt::format("{}/{}", kDevices, name));
}

}  // namespace

std::vector<UsbStick> usb_sticks(const Machine& machine) {
    std::map<std::string, UsbStick> sticks;
    for (const std::string& name : machine.names(std::string(kDevices))) {
        const std::string directory = fmt::format("{}/{}", kDevices, name);
        const std::optional<Kind> kind = kind_of(machine, directory);
        const std::string hub = hub_of(name);
        if (!kind || !can_be_a_sticks(machine, hub)) {
            continue;
        }
        UsbStick& stick = sticks[hub];
        stick.id = hub;
        (*kind == Kind::Capture ? stick.capture : stick.serial) = half_at(machine, name, directory);
    }
    std::vector<UsbStick> sorted;
    for (auto& [hub, stick] : sticks) {
        if (!stick.capture) {
            stick.capture = capture_on_the_other_bus(machine, hub);
        }
        sorted.push_back(std::move(stick));
    }
    return sorted;
}

}  // namespace minikvm
