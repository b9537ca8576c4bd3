// SPDX-License-Identifier: MIT
// Which USB hubs carry a stick: the rule that pairs its two halves, read from sysfs.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace minikvm {

/// The two free ports of the stick's hub that a user can reach.
enum class StickPort { UsbA, Extension };

/// A USB device that belongs to a stick: one of its halves, or what is plugged into it.
struct StickMember {
    std::string id;                 // the stick: its hub's kernel name, "1-2.4" or "usb3"
    std::string hub;                // the hub's directory in sysfs
    std::optional<StickPort> port;  // nothing for the halves
};

/// The stick that hangs on this hub: a hub with 534d:2109 on port 1 and 1a86:7523 on port 2.
///
/// Shape:   `hub` is a usb_device's directory in sysfs, "/sys/devices/.../1-2".
/// Errors:  nothing when it carries no stick, or only one half of one. Both IDs are also those of
///          cheap capture dongles and serial adapters, so a root hub's ports pair nothing: they
///          belong to the machine, except those of a virtual controller (vhci_hcd), which is
///          one stick's own.
/// Thread:  any thread.
/// Source:  docs/hardware.md 1.2, 1.5.
std::optional<std::string> stick_on_hub(const std::string& hub);

/// The stick that the device behind this sysfs path belongs to, itself or by one of the devices
/// above it: so for the halves, their interfaces, their nodes, and for all that is plugged into
/// the stick's ports.
std::optional<StickMember> stick_above(std::string_view syspath);

/// The node property that says which port a device hangs on: "usb-a" or "extension".
std::string_view stick_port_name(StickPort port);

}  // namespace minikvm
