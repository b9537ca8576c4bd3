// SPDX-License-Identifier: MIT
// The sink's devices in words and tables.

#include "uinput-bridge/sink_layout.h"

#include <cassert>

#include <fmt/format.h>

namespace minikvm {
namespace {

std::optional<TargetKey> button(hid::KeyCode code, TargetKey::Kind kind) {
    const hid::HidKey key = hid::find_key(code);
    if (key.kind != hid::HidKeyKind::Button) {
        return std::nullopt;
    }
    return TargetKey{kind, key.value};
}

}  // namespace

std::string_view role_name(SinkRole role) {
    switch (role) {
        case SinkRole::Keyboard:
            return "keyboard";
        case SinkRole::Mouse:
            return "mouse";
        case SinkRole::Tablet:
            return "tablet";
    }
    assert(false);
    return {};
}

std::string sink_name(SinkRole role, std::string_view id) {
    return fmt::format("Mini-KVM {} {}", id, role_name(role));
}

std::string sink_phys(SinkRole role, std::string_view id) {
    return fmt::format("minikvm/{}/{}", id, role_name(role));
}

std::optional<TargetKey> keyboard_key(hid::KeyCode code) {
    const hid::HidKey key = hid::find_key(code);
    switch (key.kind) {
        case hid::HidKeyKind::Usage:
            return TargetKey{TargetKey::Kind::Key, key.value};
        case hid::HidKeyKind::Modifier:
            return TargetKey{TargetKey::Kind::Modifier, key.value};
        case hid::HidKeyKind::Consumer:
            return TargetKey{TargetKey::Kind::Consumer, key.value};
        case hid::HidKeyKind::System:
            return TargetKey{TargetKey::Kind::System, key.value};
        case hid::HidKeyKind::None:
        case hid::HidKeyKind::Button:
            return std::nullopt;
    }
    assert(false);
    return std::nullopt;
}

std::optional<TargetKey> mouse_button(hid::KeyCode code) {
    return button(code, TargetKey::Kind::RelativeButton);
}

std::optional<TargetKey> tablet_button(hid::KeyCode code) {
    return button(code, TargetKey::Kind::AbsoluteButton);
}

bool has_key(SinkRole role, const hid::KeymapEntry& entry) {
    const bool is_button = entry.key.kind == hid::HidKeyKind::Button;
    return is_button == (role != SinkRole::Keyboard);
}

}  // namespace minikvm
