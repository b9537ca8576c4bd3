// SPDX-License-Identifier: MIT
// TargetRecorder: plays the target computer, telling line by line what it sees.

#include "sim/serial/target_recorder.h"

#include <algorithm>
#include <array>
#include <variant>

#include "sim/serial/target_lines.h"

namespace minikvm::sim {
namespace {

std::string_view event_name(TargetState state) {
    switch (state) {
        case TargetState::Present:
            return "present";
        case TargetState::Absent:
            return "absent";
        case TargetState::Unplugged:
            return "unplugged";
    }
    return "";
}

struct LockKey {
    std::uint8_t usage;
    std::uint8_t led;
};

// HID usage tables 1.12, page 07 and the lights of page 08 that go with them.
constexpr std::array kLockKeys = {LockKey{0x53, kLedNum}, LockKey{0x39, kLedCaps},
                                  LockKey{0x47, kLedScroll}};

bool has_key(const KeyboardReport& report, std::uint8_t usage) {
    return std::ranges::find(report.usages, usage) != report.usages.end();
}

std::uint8_t lock_keys_pressed(const KeyboardReport& before, const KeyboardReport& now) {
    std::uint8_t leds = 0;
    for (const LockKey& key : kLockKeys) {
        if (has_key(now, key.usage) && !has_key(before, key.usage)) {
            leds |= key.led;
        }
    }
    return leds;
}

}  // namespace

void TargetRecorder::receive(TimePoint at, const HidReport& report) {
    ++reports_;
    std::uint8_t leds = leds_;
    if (const auto* keyboard = std::get_if<KeyboardReport>(&report)) {
        leds ^= lock_keys_pressed(held_keys_, *keyboard);
        held_keys_ = *keyboard;
    } else if (const auto* relative = std::get_if<RelativeMouseReport>(&report)) {
        held_buttons_.relative = relative->buttons;
    } else if (const auto* absolute = std::get_if<AbsoluteMouseReport>(&report)) {
        held_buttons_.absolute = absolute->buttons;
    }
    sink_(report_line(at, report));
    set_leds(at, leds);
}

void TargetRecorder::chip_left(TimePoint at) {
    if (state_ == TargetState::Present) {
        forget();
        sink_(event_line(at, "chip-left"));
    }
}

void TargetRecorder::chip_came(TimePoint at) {
    if (state_ == TargetState::Present) {
        sink_(event_line(at, "chip-came"));
    }
}

void TargetRecorder::set_state(TimePoint now, TargetState state) {
    if (state == state_) {
        return;
    }
    forget();
    state_ = state;
    sink_(event_line(now, event_name(state)));
}

void TargetRecorder::set_leds(TimePoint now, std::uint8_t leds) {
    if (state_ != TargetState::Present || leds == leds_) {
        return;
    }
    leds_ = leds;
    sink_(leds_line(now, leds));
}

void TargetRecorder::forget() {
    leds_ = 0;
    held_keys_ = {};
    held_buttons_ = {};
}

}  // namespace minikvm::sim
