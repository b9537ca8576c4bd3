// SPDX-License-Identifier: MIT
// StickNodes: a stick's nodes, as udev's database has them.

#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/udev_monitor.h"
#include "device/stick_topology.h"
#include "device/usb_id.h"

namespace minikvm {

/// What of a stick exists now. A text is empty while its device is absent.
struct StickNodes {
    std::string id;                   // its hub's kernel name: "1-2", "usb3"
    std::string capture;              // "/dev/video0", never the metadata node
    std::string hidraw;               // "/dev/hidraw0"
    std::string tty;                  // "/dev/ttyUSB0", "/dev/ttyACM0"
    std::string usb_a_device;         // in the switchable port: "1d6b:0104 Product"
    std::string extension_device;     // hub port 4
    std::optional<UsbId> capture_id;  // of the device that has the nodes
    std::optional<UsbId> serial_id;

    bool operator==(const StickNodes&) const = default;
};

/// The sticks that have a node of their own, by ID. Errors: what libudev gives.
Result<std::vector<StickNodes>> list_sticks();

/// One device of a stick: which of StickNodes' texts it is, of which stick.
struct StickNode {
    std::string id;
    std::string StickNodes::*kind = nullptr;
    std::string text;
    std::optional<UsbId> usb_id;  // of the half that has the node
};

/// Puts one device where it belongs among its stick's.
void put(StickNodes& nodes, const StickNode& node);

/// Nothing for a device that is no stick's, that udev is not done with, or that has no text in
/// StickNodes (a half, the metadata node, what a plugged device has below it).
std::optional<StickNode> stick_node(udev_device* device);

/// Nothing for a device that is not plugged right into one of the free ports of the stick `id`, as
/// one is that hangs on a hub there.
std::optional<StickPort> plugged_port(udev_device* device, std::string_view id);

/// Calls `visit` for all devices of all sticks, or of the one with this ID if it is not empty.
Result<void> visit_stick_devices(udev* context, const std::string& id,
                                 const std::function<void(udev_device*)>& visit);

/// The subsystems that the devices above are in.
inline constexpr std::array kStickSubsystems = {
    SubsystemMatch{"video4linux", nullptr}, SubsystemMatch{"hidraw", nullptr},
    SubsystemMatch{"tty", nullptr}, SubsystemMatch{"usb", "usb_device"}};

}  // namespace minikvm
