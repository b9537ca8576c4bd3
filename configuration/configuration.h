// SPDX-License-Identifier: MIT
// Configuration: what the user has set for one stick, as values to work with.

#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/log.h"
#include "protocol/switch_position.h"

namespace minikvm {

class Settings;

struct ConfiguredSize {
    int width_px = 0;
    int height_px = 0;
};

struct VideoConfiguration {
    std::string format;               // a word of the attribute video/format
    std::optional<ConfiguredSize> size;  // none: what the target sends
    int rate_hz = 0;
    int max_cameras = 0;
    std::optional<int> first_node;  // N of /dev/videoN; none: the next that is free
    std::chrono::milliseconds stall{};
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

/// Shape:   a plain value; configuration_of() fills every member, from the defaults of
///          key_table.h where nothing else is set. Members have no defaults of their own.
/// Units:   as named. Ranges are those of the keys of the same names.
/// Source:  docs/man/minikvm.toml.5.scd describes each key to users.
struct Configuration {
    std::string name;  // of the stick; empty: its ID serves as its name
    VideoConfiguration video;
    InputConfiguration input;
    SerialConfiguration serial;
    UsbConfiguration usb;
    ControlConfiguration control;
    log::Level log_level = log::Level::Info;
};

/// What holds for the stick of this ID. Thread: any thread.
Configuration configuration_of(const Settings& settings, const std::string& stick_id);

}  // namespace minikvm
