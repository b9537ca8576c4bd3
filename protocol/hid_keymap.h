// SPDX-License-Identifier: MIT
// Which evdev key becomes what in a HID report.

#pragma once

#include <cstdint>
#include <span>

#include "protocol/hid_report.h"

namespace minikvm::hid {

/// An evdev code: KEY_A, BTN_LEFT (linux/input-event-codes.h).
enum class KeyCode : std::uint16_t {};

enum class HidKeyKind : std::uint8_t {
    None,      // cannot be sent (docs/hardware.md 7 E)
    Usage,     // value is a HidUsage for KeyboardReport::keys
    Modifier,  // value is a bit number of KeyboardReport::modifiers
    Consumer,  // value is a bit number of ConsumerReport::bits
    System,    // value is a bit number of SystemReport::bits
    Button,    // value is a bit number of a mouse report's buttons
};

struct HidKey {
    HidKeyKind kind = HidKeyKind::None;
    std::uint8_t value = 0;

    bool operator==(const HidKey&) const = default;
};

struct KeymapEntry {
    KeyCode code{};
    HidKey key;
};

/// What a key is to be sent as; None for one that cannot be. One array access.
/// Keys that are both a keyboard usage and a media bit (mute, volume, stop, power) are sent as the
/// media bit: WCH documents those, while the usages are not in its list.
/// Thread:  any thread.
/// Source:  docs/hardware.md 7: usages from Linux drivers/hid/hid-input.c, hid_keyboard[], checked
///          against WCH CH9329 serial protocol V1.x, appendix 1; media bits from its command 03.
HidKey find_key(KeyCode code);

/// Every key that can be sent, to announce on a sink.
std::span<const KeymapEntry> keymap();

}  // namespace minikvm::hid
