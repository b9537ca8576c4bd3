// SPDX-License-Identifier: MIT
// RegisterSnapshot: what the capture chip's registers last said.

#pragma once

#include <optional>
#include <string>

#include "device/usb_side.h"

namespace minikvm {

/// The picture that comes in over HDMI.
struct HdmiMode {
    int width_px = 0;
    int height_px = 0;
    int rate_centihertz = 0;  // 5994 is 59.94 Hz

    bool operator==(const HdmiMode&) const = default;
};

enum class RegisterState {
    Absent,        // no hidraw node is attached
    Starting,      // attached, not heard yet
    Answering,     //
    NotAnswering,  // `trouble` says why; the other values are the last ones known
};

/// A value that is not known now, or that this stick cannot have, is absent.
struct RegisterSnapshot {
    RegisterState state = RegisterState::Absent;
    std::string trouble;
    std::string model;                   // "MS2109"
    std::string firmware;                // "24081309"
    std::optional<bool> hdmi_connected;  // nothing else of HDMI is known while false
    std::optional<HdmiMode> mode;        //
    std::optional<int> pixel_clock_khz;  //
    std::optional<UsbSide> slide;        // the slide switch on the case
    std::optional<UsbSide> usb_switch;   // where the USB-A port is switched to

    bool operator==(const RegisterSnapshot&) const = default;
};

}  // namespace minikvm
