// SPDX-License-Identifier: MIT

#include "device/hid_command.h"

#include <algorithm>
#include <array>

namespace minikvm {
namespace {

using ch9329::Command;
using ch9329::Status;

// Caps Lock, Scroll Lock, Num Lock (docs/hardware.md 7).
constexpr std::array kLockKeys = {hid::HidUsage{0x39}, hid::HidUsage{0x47}, hid::HidUsage{0x53}};

// Media bits are levels: the same again does nothing, yet a release must not get lost.
constexpr int kMediaTries = 2;

bool holds(const hid::KeyboardReport& report, hid::HidUsage usage) {
    return std::ranges::find(report.keys, usage) != report.keys.end();
}

bool moves(const hid::RelativeMouseReport& report) {
    return report.dx != 0 || report.dy != 0 || report.wheel != 0;
}

template <typename... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace

HidCommand hid_command(const HidReport& report) {
    return std::visit(
        Overloaded{
            [](const hid::KeyboardReport& one) {
                return HidCommand{ch9329::keyboard(one), Command::Keyboard, kMaxCommandTries};
            },
            [](const hid::ConsumerReport& one) {
                return HidCommand{ch9329::media(one), Command::Media, kMediaTries};
            },
            [](const hid::SystemReport& one) {
                return HidCommand{ch9329::media(one), Command::Media, kMediaTries};
            },
            [](const hid::RelativeMouseReport& one) {
                return HidCommand{ch9329::mouse_relative(one), Command::MouseRelative,
                                  moves(one) ? 1 : kMaxCommandTries};
            },
            [](const hid::AbsoluteMouseReport& one) {
                return HidCommand{ch9329::mouse_absolute(one), Command::MouseAbsolute,
                                  one.wheel != 0 ? 1 : kMaxCommandTries};
            },
        },
        report);
}

bool presses_lock_key(const hid::KeyboardReport& before, const hid::KeyboardReport& now) {
    return std::ranges::any_of(
        kLockKeys, [&](hid::HidUsage key) { return holds(now, key) && !holds(before, key); });
}

bool says_damaged(const ch9329::Frame& answer) {
    if (answer.payload_size == 0) {
        return false;
    }
    const auto status = static_cast<Status>(answer.payload[0]);
    return status == Status::ByteTimeout || status == Status::BadHead || status == Status::BadSum;
}

}  // namespace minikvm
