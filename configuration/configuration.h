// SPDX-License-Identifier: MIT
// Configuration: what the user has set for one stick, as values to work with.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/log.h"
#include "configuration/device_rule.h"
#include "protocol/switch_position.h"

namespace minikvm {

class Settings;

struct ConfiguredSize {
    int width_px = 0;
    int height_px = 0;
};

struct VideoConfiguration {
    std::string format;                  // a word of the attribute video/format
    std::optional<ConfiguredSize> size;  // none: the target's
    int rate_hz = 0;
    int max_cameras = 0;
    std::optional<int> first_node;      // /dev/videoN of the first camera; none: any
    std::chrono::milliseconds stall{};  // without a frame for longer, the stream is started anew
};

enum class HorizontalWheel { Off, ShiftAndWheel };

struct InputConfiguration {
    HorizontalWheel horizontal_wheel = HorizontalWheel::Off;
    std::optional<std::chrono::seconds> jiggler;  // after so much idleness; none: never
};

struct SerialConfiguration {
    bool raise_baud = false;
};

/// Where the switchable port goes at certain moments; none: it stays where it is.
struct UsbConfiguration {
    bool follow_slide = false;
    std::optional<SwitchPosition> at_start;
    std::optional<SwitchPosition> at_stop;
    std::optional<SwitchPosition> without_target;
};

struct ControlConfiguration {
    std::string read_only_group;  // empty: none
};

/// Of minikvm-forward. Chords are key codes, in no order; an empty one is never pressed.
struct ForwardConfiguration {
    std::vector<std::uint16_t> hotkey;
    std::vector<std::uint16_t> stick_hotkey;  // of the one stick
    std::vector<std::uint16_t> panic;
    bool propagate_hotkey = false;
    std::vector<DeviceRule> devices;  // empty: keyboards and mice
    std::vector<DeviceRule> ignore;
};

/// Shape:   a plain value; configuration_of() fills every member, from the defaults of
///          key_table.h where nothing else is set. Members have no defaults of their own.
/// Units:   as named. Ranges are those of the keys of the same names.
/// Source:  docs/man/minikvm.toml.5.scd describes each key to users.
struct Configuration {
    std::string name;        // of the stick; empty: its ID serves as its name
    std::string generation;  // a value of the attribute generation, or "auto"
    VideoConfiguration video;
    InputConfiguration input;
    SerialConfiguration serial;
    UsbConfiguration usb;
    ControlConfiguration control;
    ForwardConfiguration forward;
    log::Level log_level = log::Level::Info;
};

/// What holds for the stick of this ID. Thread: any thread.
Configuration configuration_of(const Settings& settings, const std::string& stick_id);

}  // namespace minikvm
