// SPDX-License-Identifier: MIT
// HidState: bits and key slots.

#include "uinput-bridge/hid_state.h"

#include <algorithm>
#include <cassert>

namespace minikvm {
namespace {

template <typename Bits>
bool set_bit(Bits& bits, std::uint8_t number, Stroke stroke) {
    const Bits before = bits;
    const auto bit = static_cast<Bits>(Bits{1} << number);
    bits = static_cast<Bits>(stroke == Stroke::Press ? bits | bit : bits & ~bit);
    return bits != before;
}

std::uint8_t byte_of(std::uint32_t bits, unsigned number) {
    return static_cast<std::uint8_t>(bits >> (8 * number));
}

}  // namespace

ReportKind report_kind(TargetKey key) {
    switch (key.kind) {
        case TargetKey::Kind::Key:
        case TargetKey::Kind::Modifier:
            return ReportKind::Keyboard;
        case TargetKey::Kind::Consumer:
            return ReportKind::Consumer;
        case TargetKey::Kind::System:
            return ReportKind::System;
        case TargetKey::Kind::RelativeButton:
            return ReportKind::RelativeMouse;
        case TargetKey::Kind::AbsoluteButton:
            return ReportKind::AbsoluteMouse;
    }
    assert(false);
    return ReportKind::Keyboard;
}

bool HidState::apply(TargetKey key, Stroke stroke) {
    switch (key.kind) {
        case TargetKey::Kind::Key:
            return stroke == Stroke::Press ? press_key(key.number) : release_key(key.number);
        case TargetKey::Kind::Modifier:
            return set_bit(keyboard_.modifiers, key.number, stroke);
        case TargetKey::Kind::Consumer:
            return set_bit(consumer_, key.number, stroke);
        case TargetKey::Kind::System:
            return set_bit(system_, key.number, stroke);
        case TargetKey::Kind::RelativeButton:
            return set_bit(relative_buttons_, key.number, stroke);
        case TargetKey::Kind::AbsoluteButton:
            return set_bit(absolute_buttons_, key.number, stroke);
    }
    assert(false);
    return false;
}

bool HidState::press_key(std::uint8_t number) {
    const auto usage = static_cast<hid::HidUsage>(number);
    auto& keys = keyboard_.keys;
    const auto last = keys.begin() + static_cast<std::ptrdiff_t>(keys_down_);
    if (std::find(keys.begin(), last, usage) != last) {
        return false;
    }
    if (keys_down_ == keys.size()) {
        std::rotate(keys.begin(), keys.begin() + 1, keys.end());
        --keys_down_;
    }
    keys[keys_down_++] = usage;
    return true;
}

bool HidState::release_key(std::uint8_t number) {
    auto& keys = keyboard_.keys;
    const auto kept = std::remove(keys.begin(), keys.end(), static_cast<hid::HidUsage>(number));
    if (kept == keys.end()) {
        return false;
    }
    std::fill(kept, keys.end(), hid::HidUsage::None);
    --keys_down_;
    return true;
}

void HidState::release_everything() {
    keyboard_ = {};
    keys_down_ = 0;
    relative_buttons_ = 0;
    absolute_buttons_ = 0;
    release_events();
}

void HidState::release_events() {
    consumer_ = 0;
    system_ = 0;
}

bool HidState::holds(ReportKind kind) const {
    switch (kind) {
        case ReportKind::Keyboard:
            return keyboard_ != hid::KeyboardReport{};
        case ReportKind::Consumer:
            return consumer_ != 0;
        case ReportKind::System:
            return system_ != 0;
        case ReportKind::RelativeMouse:
            return relative_buttons_ != 0;
        case ReportKind::AbsoluteMouse:
            return absolute_buttons_ != 0;
    }
    assert(false);
    return false;
}

HidReport HidState::report(ReportKind kind) const {
    switch (kind) {
        case ReportKind::Keyboard:
            return keyboard_;
        case ReportKind::Consumer:
            return hid::ConsumerReport{
                {byte_of(consumer_, 0), byte_of(consumer_, 1), byte_of(consumer_, 2)}};
        case ReportKind::System:
            return hid::SystemReport{system_};
        case ReportKind::RelativeMouse:
            return hid::RelativeMouseReport{.buttons = relative_buttons_};
        case ReportKind::AbsoluteMouse:
            assert(point_);
            return hid::AbsoluteMouseReport{
                .buttons = absolute_buttons_, .x = point_->x, .y = point_->y};
    }
    assert(false);
    return keyboard_;
}

}  // namespace minikvm
