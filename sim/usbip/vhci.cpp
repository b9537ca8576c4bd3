// SPDX-License-Identifier: MIT
// What vhci_hcd's sysfs files say and take.

#include "sim/usbip/vhci.h"

#include <filesystem>
#include <sstream>

#include <fmt/format.h>

#include "common/file.h"

namespace minikvm::sim {
namespace {

// All controllers are attached to through the first one's files.
constexpr const char* kFirst = "/sys/devices/platform/vhci_hcd.0";
constexpr unsigned kFreePort = 4;  // VDEV_ST_NULL, enum usbip_device_status
constexpr const char* kHighSpeedMbit = "480";

Result<std::string> high_speed_bus(unsigned number) {
    const std::string folder = fmt::format("/sys/devices/platform/vhci_hcd.{}", number);
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
        const auto speed = read_text_file(entry.path() / "speed");
        if (speed && *speed == kHighSpeedMbit) {
            return entry.path().filename().string();
        }
    }
    return make_error(code ? code : std::make_error_code(std::errc::no_such_device),
                      fmt::format("{}: look for a root hub (is vhci_hcd loaded?)", folder));
}

}  // namespace

std::vector<VhciPort> parse_vhci_status(const std::string& text) {
    std::vector<VhciPort> ports;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields(line);
        std::string hub;
        unsigned number = 0;
        unsigned state = 0;
        // "hs  0000 004 000 00000000 000000 0-0": the numbers are decimal, with leading zeros.
        if (fields >> hub >> number >> state && hub == "hs") {
            ports.push_back(
                {number, state == kFreePort ? VhciPortState::Free : VhciPortState::Used});
        }
    }
    return ports;
}

Result<VhciController> VhciController::open(unsigned number) {
    std::string bus = MINIKVM_TRY(high_speed_bus(number));
    std::string path = fmt::format("{}/status", kFirst);
    if (number != 0) {
        path += fmt::format(".{}", number);
    }
    std::vector<unsigned> ports;
    for (const VhciPort& port : parse_vhci_status(MINIKVM_TRY(read_text_file(path)))) {
        ports.push_back(port.number);
    }
    return VhciController(std::move(path), std::move(bus), std::move(ports));
}

Result<VhciPortState> VhciController::state(unsigned port) const {
    const auto ports = parse_vhci_status(MINIKVM_TRY(read_text_file(status_path_)));
    if (port == 0 || port > ports.size()) {
        return make_error(std::make_error_code(std::errc::invalid_argument),
                          fmt::format("{}: port {}", bus_, port));
    }
    if (has_device(port)) {
        return VhciPortState::Used;
    }
    return ports[port - 1].state;
}

bool VhciController::has_device(unsigned port) const {
    const std::string path = fmt::format("/sys/bus/usb/devices/{}-{}", bus_.substr(3), port);
    std::error_code code;
    return std::filesystem::exists(path, code);
}

Result<void> VhciController::attach(unsigned port, int socket, UsbSpeed speed) const {
    if (port == 0 || port > ports_.size()) {
        return make_error(std::make_error_code(std::errc::invalid_argument),
                          fmt::format("{}: port {}", bus_, port));
    }
    // The remote device's bus and number, which only its own tools show.
    const unsigned remote_id = 1U << 16 | port;
    return write_text_file(
        fmt::format("{}/attach", kFirst),
        fmt::format("{} {} {} {}", ports_[port - 1], socket, remote_id, static_cast<int>(speed)));
}

}  // namespace minikvm::sim
