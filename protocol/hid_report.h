// SPDX-License-Identifier: MIT
// The HID reports that can reach the target.

#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

namespace minikvm::hid {

/// A usage of HID page 07, "Keyboard/Keypad".
enum class HidUsage : std::uint8_t { None = 0x00 };

inline constexpr std::size_t kMaxKeys = 6;  // key slots of a keyboard report
inline constexpr std::uint16_t kAbsoluteMax = 4095;
inline constexpr std::int8_t kRelativeMax = 127;
inline constexpr std::size_t kConsumerBytes = 3;

/// Each report is the whole state of its kind: what is not in it is released.
/// Source:  docs/hardware.md 5.3 (WCH CH9329 serial protocol V1.x, commands 02 to 05).
struct KeyboardReport {
    std::uint8_t modifiers = 0;  // bit 0 left Ctrl, 1 Shift, 2 Alt, 3 GUI; 4..7 the right ones
    std::array<HidUsage, kMaxKeys> keys{};

    bool operator==(const KeyboardReport&) const = default;
};

/// Consumer keys, a bit each: bit 8 * i + b is bit b of byte i.
struct ConsumerReport {
    std::array<std::uint8_t, kConsumerBytes> bits{};

    bool operator==(const ConsumerReport&) const = default;
};

/// System (ACPI) keys.
struct SystemReport {
    std::uint8_t bits = 0;  // bit 0 power, 1 sleep, 2 wake up

    bool operator==(const SystemReport&) const = default;
};

/// Motion since the last report.
struct RelativeMouseReport {
    std::uint8_t buttons = 0;  // bit 0 left, 1 right, 2 middle, 3 back, 4 forward
    std::int8_t dx = 0;        // right is positive; -kRelativeMax..kRelativeMax
    std::int8_t dy = 0;        // down is positive
    std::int8_t wheel = 0;     // notches, away from the user is positive

    bool operator==(const RelativeMouseReport&) const = default;
};

/// A place on the target's screen. A report for a button or the wheel carries the last place, or
/// the pointer jumps.
struct AbsoluteMouseReport {
    std::uint8_t buttons = 0;
    std::uint16_t x = 0;  // 0..kAbsoluteMax, left to right
    std::uint16_t y = 0;  // 0..kAbsoluteMax, top to bottom
    std::int8_t wheel = 0;

    bool operator==(const AbsoluteMouseReport&) const = default;
};

/// The target's keyboard lights.
struct LockLeds {
    bool num = false;
    bool caps = false;
    bool scroll = false;

    bool operator==(const LockLeds&) const = default;
};

/// As much of a motion as one report can carry; the rest belongs into the next.
constexpr std::int8_t relative_step(std::int64_t motion) {
    return static_cast<std::int8_t>(std::clamp<std::int64_t>(motion, -kRelativeMax, kRelativeMax));
}

/// Where on the 4096 grid pixel `position` of `extent` pixels lies: the nearest end for one
/// outside. Source:  docs/hardware.md 5.3 (WCH CH9329 serial protocol V1.x, command 04: 4096 * x /
/// width).
constexpr std::uint16_t absolute_position(std::int64_t position, std::int64_t extent) {
    assert(extent > 0);
    const std::int64_t inside = std::clamp<std::int64_t>(position, 0, extent - 1);
    return static_cast<std::uint16_t>((kAbsoluteMax + 1) * inside / extent);
}

}  // namespace minikvm::hid
