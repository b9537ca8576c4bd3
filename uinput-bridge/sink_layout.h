// SPDX-License-Identifier: MIT
// What the sink's three devices are called, what they have, and what their codes mean.

#pragma once

#include <linux/input-event-codes.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/hid_keymap.h"
#include "uinput-bridge/target_key.h"

namespace minikvm {

enum class SinkRole : std::uint8_t { Keyboard, Mouse, Tablet };
inline constexpr std::array kSinkRoles = {SinkRole::Keyboard, SinkRole::Mouse, SinkRole::Tablet};

/// "keyboard", "mouse", "tablet".
std::string_view role_name(SinkRole role);

/// "Mini-KVM 1-2 keyboard", of which uinput takes 79 bytes.
std::string sink_name(SinkRole role, std::string_view id);

/// "minikvm/1-2/keyboard": what udev rules know a sink by.
std::string sink_phys(SinkRole role, std::string_view id);

/// Which key of the target a key or button of that device is; nothing when it cannot be sent.
std::optional<TargetKey> keyboard_key(hid::KeyCode code);
std::optional<TargetKey> mouse_button(hid::KeyCode code);
std::optional<TargetKey> tablet_button(hid::KeyCode code);

/// Whether a code of the keymap belongs on that device.
bool has_key(SinkRole role, const hid::KeymapEntry& entry);

}  // namespace minikvm
