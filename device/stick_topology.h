// SPDX-License-Identifier: MIT
// Which USB hubs carry a stick: the rule that pairs its two halves, read from sysfs.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "device/generation.h"

namespace minikvm {

/// The two free ports of the stick's hub that a user can reach.
enum class StickPort { UsbA, Extension };

/// A stick's hub with both halves. Directories in sysfs, "/sys/devices/.../1-2".
struct StickHalves {
    std::string id;  // its hub's kernel name, "1-2.4" or "usb3"
    std::string hub;
    std::string capture;  // below the hub, or, at SuperSpeed, on the companion bus
    std::string serial;   // always below the hub
    InputModel input = InputModel::Ch9329;

    bool is_split() const { return !capture.starts_with(hub + "/"); }
};

/// A USB device that belongs to a stick: one of its halves, or what is plugged into it.
struct StickMember {
    StickHalves stick;
    std::optional<StickPort> port;  // nothing for the halves
};

/// The stick that hangs on this hub:
///          - 534d:2109 on port 1 and 1a86:7523 on port 2, a Mini-KVM 1.x; or
///          - 1a86:fe0c and 345f:2109 or 345f:2132 on any two of the ports 1 to 4: of the Mini-KVM
///            v2 it is not known which they are (U), a KVM-GO has them on 2 and 4; or
///          - 1a86:fe0c on port 2, and 345f:2132 on the port that the kernel calls the peer of the
///            hub's own: a KVM-GO at SuperSpeed, whose capture chip is on the companion bus.
///
/// Shape:   `hub` is a usb_device's directory in sysfs, "/sys/devices/.../1-2".
/// Errors:  nothing when it carries no stick, or only one half of one. All IDs are also those of
///          cheap capture dongles and serial adapters, so a root hub's ports pair nothing: they
///          belong to the machine, except those of a virtual controller (vhci_hcd), which is
///          one stick's own.
/// Limits:  where the platform does not tell peers, the halves of a KVM-GO at SuperSpeed are not
///          paired: guesses have typed into the wrong machine (docs/hardware.md 1.5).
/// Thread:  any thread.
/// Source:  docs/hardware.md 1.2, 1.4, 1.5.
std::optional<StickHalves> stick_on_hub(const std::string& hub);

/// The stick that the device behind this sysfs path belongs to, itself or by one of the devices
/// above it: so for the halves, their interfaces, their nodes, and for all that is plugged into
/// the stick's ports. Of a stick with a CH32V208 every port but the halves' is the switchable one.
std::optional<StickMember> stick_above(std::string_view syspath);

/// The node property that says which port a device hangs on: "usb-a" or "extension".
std::string_view stick_port_name(StickPort port);

}  // namespace minikvm
