// SPDX-License-Identifier: MIT

#include "device/stick_topology.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <tuple>
#include <utility>

#include "common/file.h"

namespace minikvm {
namespace {

// docs/hardware.md 1.2: a Mini-KVM 1.x.
constexpr int kMs2109Port = 1;
constexpr int kCh340Port = 2;
constexpr int kUsbAPort = 3;
constexpr int kExtensionPort = 4;

// docs/hardware.md 1.4: a KVM-GO; every hub inside a stick has four ports.
constexpr int kKvmGoSerialPort = 2;
constexpr int kLastPort = 4;

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

std::optional<UsbId> id_of(const std::string& path) {
    const Result<std::string> vendor = read_text_file(path + "/idVendor");
    const Result<std::string> product = read_text_file(path + "/idProduct");
    return vendor && product ? parse_usb_id(*vendor, *product) : std::nullopt;
}

std::optional<InputModel> input_of(const std::string& path) {
    const std::optional<UsbId> id = id_of(path);
    return id ? input_model(*id) : std::nullopt;
}

std::optional<CaptureModel> capture_of(const std::string& path) {
    const std::optional<UsbId> id = id_of(path);
    return id ? capture_model(*id) : std::nullopt;
}

// The device on the other bus of the same connector (drivers/usb/core/port.c makes the links).
std::optional<std::string> companion_of(const std::string& device) {
    std::error_code code;
    const auto path = std::filesystem::canonical(device + "/port/peer/device", code);
    return code ? std::nullopt : std::optional(path.string());
}

bool may_carry_stick(const std::string& hub) {
    const std::string_view name = last_component(hub);
    return is_root_hub(name) ? last_component(directory_of(hub)).starts_with("vhci_hcd.")
                             : port_of(name).has_value();
}

using Halves = std::optional<std::pair<std::string, std::string>>;  // capture, serial

Halves first_generation(const std::string& hub) {
    std::string capture = child_path(hub, kMs2109Port);
    std::string serial = child_path(hub, kCh340Port);
    const bool both =
        capture_of(capture) == CaptureModel::Ms2109 && input_of(serial) == InputModel::Ch9329;
    return both ? Halves({std::move(capture), std::move(serial)}) : std::nullopt;
}

Halves later_generation(const std::string& hub) {
    std::string capture;
    std::string serial;
    for (int port = 1; port <= kLastPort; ++port) {
        std::string child = child_path(hub, port);
        if (input_of(child) == InputModel::Ch32v208) {
            serial = std::move(child);
        } else if (const auto model = capture_of(child); model && *model != CaptureModel::Ms2109) {
            capture = std::move(child);
        }
    }
    if (serial.empty()) {
        return std::nullopt;
    }
    if (capture.empty() && serial == child_path(hub, kKvmGoSerialPort)) {
        const std::optional<std::string> companion = companion_of(hub);
        if (companion && capture_of(*companion) == CaptureModel::Ms2130s) {
            capture = *companion;
        }
    }
    return capture.empty() ? std::nullopt : Halves({std::move(capture), std::move(serial)});
}

std::optional<StickPort> port_on(const StickHalves& stick, int port) {
    if (port < 1 || port > kLastPort) {
        return std::nullopt;  // a virtual controller has more ports than the stick's hub
    }
    if (stick.input == InputModel::Ch32v208 || port == kUsbAPort) {
        return StickPort::UsbA;
    }
    return port == kExtensionPort ? std::optional(StickPort::Extension) : std::nullopt;
}

// The stick that this very device is a part of, or is plugged into.
std::optional<StickMember> member(const std::string& device, int port) {
    if (std::optional<StickHalves> stick = stick_on_hub(std::string(directory_of(device)))) {
        if (device == stick->capture || device == stick->serial) {
            return StickMember{std::move(*stick), std::nullopt};
        }
        if (const std::optional<StickPort> plugged = port_on(*stick, port)) {
            return StickMember{std::move(*stick), plugged};
        }
    }
    if (capture_of(device) != CaptureModel::Ms2130s) {
        return std::nullopt;
    }
    const std::optional<std::string> hub = companion_of(device);
    std::optional<StickHalves> stick = hub ? stick_on_hub(*hub) : std::nullopt;
    return stick && stick->capture == device ? std::optional(StickMember{*stick, std::nullopt})
                                             : std::nullopt;
}

}  // namespace

std::optional<StickHalves> stick_on_hub(const std::string& hub) {
    if (!may_carry_stick(hub)) {
        return std::nullopt;
    }
    StickHalves stick{std::string(last_component(hub)), hub, "", "", InputModel::Ch9329};
    Halves halves = first_generation(hub);
    if (!halves) {
        halves = later_generation(hub);
        stick.input = InputModel::Ch32v208;
    }
    if (!halves) {
        return std::nullopt;
    }
    std::tie(stick.capture, stick.serial) = std::move(*halves);
    return stick;
}

std::optional<StickMember> stick_above(std::string_view syspath) {
    for (std::string_view path = syspath; !path.empty(); path = directory_of(path)) {
        const std::optional<int> port = port_of(last_component(path));
        if (!port) {
            continue;
        }
        if (std::optional<StickMember> found = member(std::string(path), *port)) {
            return found;
        }
    }
    return std::nullopt;
}

std::string_view stick_port_name(StickPort port) {
    return port == StickPort::UsbA ? "usb-a" : "extension";
}

}  // namespace minikvm
