// SPDX-License-Identifier: MIT
// Which of this machine's input devices are forwarded.

#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "configuration/device_rule.h"

namespace minikvm {

/// An input device as udev describes it.
struct InputDevice {
    std::string node;                // /dev/input/event3
    std::string name;                // as the kernel calls it
    std::string phys;                // where it is plugged: usb-0000:00:14.0-2/input0
    std::vector<std::string> links;  // /dev/input/by-id/...
    std::map<std::string, std::string> properties;  // ID_INPUT_KEYBOARD=1

    bool operator==(const InputDevice&) const = default;
};

struct DeviceRules {
    std::vector<DeviceRule> devices;  // empty: keyboards and mice, with their extra keys
    std::vector<DeviceRule> ignore;
};

/// The nodes of those that are forwarded.
///
/// Never a stick's own: its sink would send to itself for ever, and so would the keyboard that its
/// input chip is on the target, where that is this machine.
///
/// Thread:  any thread.
/// Source:  systemd's src/udev/udev-builtin-input_id.c for ID_INPUT_*; docs/hardware.md for the
///          target's side of the chips.
std::set<std::string> choose_devices(std::span<const InputDevice> devices,
                                     const DeviceRules& rules);

}  // namespace minikvm
