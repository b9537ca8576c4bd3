// SPDX-License-Identifier: MIT
// RegisterSnapshot: what the capture chip's registers last said.

#pragma once

#include <optional>
#include <string>

#include "protocol/ms2109_registers.h"
#include "protocol/switch_position.h"

namespace minikvm {

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
    std::string model;                         // "MS2109"
    std::string firmware;                      // "24081309"
    bool foreign_firmware = false;             // it keeps other things in the switch's cells
    std::optional<bool> hdmi_connected;        //
    std::optional<ms2109::InputMode> mode;     // only while HDMI is connected
    std::optional<SwitchPosition> slide;       // the slide switch on the case
    std::optional<SwitchPosition> usb_switch;  // where the USB-A port is switched to

    bool operator==(const RegisterSnapshot&) const = default;
};

}  // namespace minikvm
