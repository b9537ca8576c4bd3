// SPDX-License-Identifier: MIT
// The HID reports a CH9329 can give its target.

#pragma once

#include <array>
#include <cstdint>
#include <variant>
#include <vector>

namespace minikvm::sim {

struct KeyboardReport {
    std::uint8_t modifiers = 0;            // bit 0 left control ... bit 7 right GUI
    std::array<std::uint8_t, 6> usages{};  // HID page 07; 0 is an empty place
};

struct SystemReport {
    std::uint8_t bits = 0;  // bit 0 power, 1 sleep, 2 wake: usages 81 to 83 of the desktop page
};

struct ConsumerReport {
    std::array<std::uint8_t, 3> bits{};  // hardware.md 7 D names them
};

struct RelativeMouseReport {
    std::uint8_t buttons = 0;  // bit 0 left, 1 right, 2 middle, 3 back, 4 forward
    std::int8_t dx = 0;        // right is positive
    std::int8_t dy = 0;        // down is positive
    std::int8_t wheel = 0;     // up is positive, in notches
};

struct AbsoluteMouseReport {
    std::uint8_t buttons = 0;
    std::uint16_t x = 0;  // 0..4095
    std::uint16_t y = 0;
    std::int8_t wheel = 0;
};

struct CustomReport {
    std::vector<std::uint8_t> bytes;  // at most 64
};

using HidReport = std::variant<KeyboardReport, SystemReport, ConsumerReport, RelativeMouseReport,
                               AbsoluteMouseReport, CustomReport>;

/// LEDs as GET_INFO has them (hardware.md 5.4).
inline constexpr std::uint8_t kLedNum = 0x01;
inline constexpr std::uint8_t kLedCaps = 0x02;
inline constexpr std::uint8_t kLedScroll = 0x04;

}  // namespace minikvm::sim
