// SPDX-License-Identifier: MIT

#include "device/stick_topology.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "common/file.h"

namespace minikvm {
namespace {

struct UsbId {
    std::string_view vendor;
    std::string_view product;
};

// docs/hardware.md 1.1 and 1.2, the sold Mini-KVM 1.9.
constexpr UsbId kMs2109 = {"534d", "2109"};
constexpr UsbId kCh340 = {"1a86", "7523"};
constexpr int kMs2109Port = 1;
constexpr int kCh340Port = 2;
constexpr int kUsbAPort = 3;
constexpr int kExtensionPort = 4;

std::string_view last_component(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

std::string_view directory_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

bool is_number(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(),
                                        [](char digit) { return digit >= '0' && digit <= '9'; });
}

bool is_root_hub(std::string_view name) {
    return name.starts_with("usb") && is_number(name.substr(3));
}

// The port that a device hangs on, from its kernel name: 4 of "1-2.4", 2 of "1-2". The name of an
// interface, "1-2:1.0", is none, and neither is that of a HID device, "0003:534D:2109.0001".
std::optional<int> port_of(std::string_view name) {
    const std::size_t dash = name.find('-');
    if (dash == std::string_view::npos || !is_number(name.substr(0, dash)) ||
        name.find(':') != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view digits = name.substr(name.find_last_of("-.") + 1);
    int port = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (code != std::errc() || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    return port;
}

// Where sysfs has the device on one of a hub's ports: "usb3" has "3-1", "1-2" has "1-2.1".
std::string child_path(const std::string& hub, int port) {
    const std::string_view name = last_component(hub);
    const std::string prefix =
        is_root_hub(name) ? std::string(name.substr(3)) + "-" : std::string(name) + ".";
    return hub + "/" + prefix + std::to_string(port);
}

bool is_device(const std::string& path, UsbId id) {
    return read_text_file(path + "/idVendor") == std::string(id.vendor) &&
           read_text_file(path + "/idProduct") == std::string(id.product);
}

}  // namespace

std::optional<std::string> stick_on_hub(const std::string& hub) {
    const std::string_view name = last_component(hub);
    if (is_root_hub(name)) {
        if (!last_component(directory_of(hub)).starts_with("vhci_hcd.")) {
            return std::nullopt;
        }
    } else if (!port_of(name)) {
        return std::nullopt;
    }
    if (!is_device(child_path(hub, kMs2109Port), kMs2109) ||
        !is_device(child_path(hub, kCh340Port), kCh340)) {
        return std::nullopt;
    }
    return std::string(name);
}

std::optional<StickMember> stick_above(std::string_view syspath) {
    for (std::string_view path = syspath; !path.empty(); path = directory_of(path)) {
        const std::optional<int> port = port_of(last_component(path));
        if (!port) {
            continue;
        }
        const std::string hub(directory_of(path));
        const std::optional<std::string> id = stick_on_hub(hub);
        if (!id) {
            continue;
        }
        switch (*port) {
            case kMs2109Port:
            case kCh340Port:
                return StickMember{*id, hub, std::nullopt};
            case kUsbAPort:
                return StickMember{*id, hub, StickPort::UsbA};
            case kExtensionPort:
                return StickMember{*id, hub, StickPort::Extension};
            default:
                break;  // a virtual controller has more ports than the stick's hub
        }
    }
    return std::nullopt;
}

std::string_view stick_port_name(StickPort port) {
    return port == StickPort::UsbA ? "usb-a" : "extension";
}

}  // namespace minikvm
