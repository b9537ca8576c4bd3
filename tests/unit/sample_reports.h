// SPDX-License-Identifier: MIT
// Reports for tests that send some.

#pragma once

#include "protocol/hid_report.h"

namespace minikvm {

inline constexpr HidReport kLetterA = hid::KeyboardReport{0, {hid::HidUsage{0x04}}};
inline constexpr HidReport kLetterB = hid::KeyboardReport{0, {hid::HidUsage{0x05}}};
inline constexpr HidReport kCapsLock = hid::KeyboardReport{0, {hid::HidUsage{0x39}}};
inline constexpr HidReport kNothing = hid::KeyboardReport{};
inline constexpr HidReport kMotion = hid::RelativeMouseReport{.dx = 5};
inline constexpr HidReport kMute = hid::ConsumerReport{{0x04, 0, 0}};

}  // namespace minikvm
