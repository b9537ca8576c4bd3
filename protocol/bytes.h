// SPDX-License-Identifier: MIT
// Numbers of more than one byte, in either order.

#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

namespace minikvm {

/// Limits:  reading or writing outside `bytes` is a programming error.
/// Thread:  any thread.
constexpr std::uint16_t big_endian_16(std::uint8_t high, std::uint8_t low) {
    return static_cast<std::uint16_t>((high << 8U) | low);
}

constexpr std::uint16_t read_big_endian_16(std::span<const std::uint8_t> bytes,
                                           std::size_t offset) {
    assert(offset + 2 <= bytes.size());
    return big_endian_16(bytes[offset], bytes[offset + 1]);
}

constexpr std::uint16_t read_little_endian_16(std::span<const std::uint8_t> bytes,
                                              std::size_t offset) {
    assert(offset + 2 <= bytes.size());
    return big_endian_16(bytes[offset + 1], bytes[offset]);
}

constexpr std::uint32_t read_big_endian_32(std::span<const std::uint8_t> bytes,
                                           std::size_t offset) {
    return (static_cast<std::uint32_t>(read_big_endian_16(bytes, offset)) << 16U) |
           read_big_endian_16(bytes, offset + 2);
}

constexpr std::uint32_t read_little_endian_32(std::span<const std::uint8_t> bytes,
                                              std::size_t offset) {
    return (static_cast<std::uint32_t>(read_little_endian_16(bytes, offset + 2)) << 16U) |
           read_little_endian_16(bytes, offset);
}

constexpr std::uint8_t high_byte(std::uint16_t value) {
    return static_cast<std::uint8_t>(value >> 8U);
}

constexpr std::uint8_t low_byte(std::uint16_t value) {
    return static_cast<std::uint8_t>(value & 0xFFU);
}

constexpr void write_big_endian_32(std::span<std::uint8_t> bytes, std::size_t offset,
                                   std::uint32_t value) {
    assert(offset + 4 <= bytes.size());
    for (std::size_t index = 0; index < 4; ++index) {
        bytes[offset + index] = static_cast<std::uint8_t>(value >> (24U - 8U * index));
    }
}

constexpr void write_little_endian_16(std::span<std::uint8_t> bytes, std::size_t offset,
                                      std::uint16_t value) {
    assert(offset + 2 <= bytes.size());
    bytes[offset] = low_byte(value);
    bytes[offset + 1] = high_byte(value);
}

constexpr void write_little_endian_32(std::span<std::uint8_t> bytes, std::size_t offset,
                                      std::uint32_t value) {
    write_little_endian_16(bytes, offset, static_cast<std::uint16_t>(value & 0xFFFFU));
    write_little_endian_16(bytes, offset + 2, static_cast<std::uint16_t>(value >> 16U));
}

}  // namespace minikvm
