// SPDX-License-Identifier: MIT
// A number in bytes as USB has it: the lowest byte first.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace minikvm::sim {

/// Limits:  `width` is at most 4 bytes, all of them there.
inline std::uint32_t number_at(std::span<const std::uint8_t> bytes, std::size_t at,
                               std::size_t width) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < width; ++i) {
        number |= static_cast<std::uint32_t>(bytes[at + i]) << (8 * i);
    }
    return number;
}

}  // namespace minikvm::sim
