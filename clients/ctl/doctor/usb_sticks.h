// SPDX-License-Identifier: MIT
// The sticks that hang on USB, whole or in part, as sysfs shows them.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clients/ctl/doctor/machine.h"

namespace minikvm {

/// A device node of a half.
struct HalfNode {
    std::string subsystem;  // video4linux, hidraw or tty
    std::string name;       // video0
};

/// A capture chip or a serial bridge.
struct UsbHalf {
    std::string name;       // the kernel's: 1-2.1
    std::string directory;  // in sysfs
    std::string usb_id;     // 534d:2109
    int speed_mbit = 0;
    std::vector<HalfNode> nodes;
};

/// The IDs of capture chips and serial chips, for people: "534d:2109, 345f:2109 or 345f:2132".
inline constexpr const char* kCaptureIds = "534d:2109, 345f:2109 or 345f:2132";
inline constexpr const char* kSerialIds = "1a86:7523 or 1a86:fe0c";

/// A hub with one half of a stick, or both.
struct UsbStick {
    std::string id;  // the hub's kernel name
    std::optional<UsbHalf> capture;
    std::optional<UsbHalf> serial;

    bool is_whole() const { return capture && serial; }
};

/// Shape:   sorted by ID. A half on a port of the machine's own root hub is no stick's, and left
///          out: the halves of a stick always have the stick's hub above them, but for the capture
///          chip of a KVM-GO at SuperSpeed, which is on the other bus of that hub's connector.
/// Source:  docs/hardware.md 0, 1; the rule is that of device/stick_topology.h.
/// Thread:  the thread of `machine`.
std::vector<UsbStick> usb_sticks(const Machine& machine);

}  // namespace minikvm
