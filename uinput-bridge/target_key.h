// SPDX-License-Identifier: MIT
// TargetKey: anything of the target's input devices that can be down.

#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

namespace minikvm {

/// One key or button of the target. The relative and the absolute mouse are two devices to the
/// target, so each has buttons of its own.
struct TargetKey {
    enum class Kind : std::uint8_t {
        Key,             // number: HID usage, page 07
        Modifier,        // number: bit of the modifier byte
        Consumer,        // number: bit of the 24 media bits
        System,          // number: bit of the power, sleep, wake byte
        RelativeButton,  // number: bit of the button byte
        AbsoluteButton,  // number: bit of the button byte
    };

    Kind kind = Kind::Key;
    std::uint8_t number = 0;

    bool operator==(const TargetKey&) const = default;
};

namespace detail {

inline constexpr std::array<std::size_t, 7> kFirstOfKind = {0, 256, 264, 288, 296, 304, 312};

}  // namespace detail

inline constexpr std::size_t kTargetKeyCount = detail::kFirstOfKind.back();

/// A number below kTargetKeyCount, another one for each key.
constexpr std::size_t index_of(TargetKey key) {
    const auto kind = static_cast<std::size_t>(key.kind);
    const std::size_t index = detail::kFirstOfKind[kind] + key.number;
    assert(index < detail::kFirstOfKind[kind + 1]);
    return index;
}

}  // namespace minikvm
