// SPDX-License-Identifier: MIT
// The test picture's machine-readable lines: black and white cells. docs/test-picture.md.

#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace minikvm::sim {

/// Which frame of which run a picture is.
struct FrameStamp {
    std::uint32_t nonce = 0;  // of the run
    std::uint32_t frame = 0;
    std::uint64_t time_us = 0;  // CLOCK_MONOTONIC when it was made; 48 bits are written

    bool operator==(const FrameStamp&) const = default;
};

inline constexpr std::size_t kCellsPerLine = 88;

/// True is black.
using CodeLine = std::bitset<kCellsPerLine>;

/// The run line (nonce, frame), then the time line.
std::array<CodeLine, 2> encode_lines(const FrameStamp& stamp);

/// None: a line is damaged, or the two are of different frames.
std::optional<FrameStamp> decode_lines(const CodeLine& run, const CodeLine& time);

/// Where cell `cell` begins in a picture of that width; kCellsPerLine gives the width.
constexpr unsigned cell_left(std::size_t cell, unsigned width_px) {
    return static_cast<unsigned>(cell * width_px / kCellsPerLine);
}

/// CRC-16 with polynomial 1021, begun with FFFF, most significant bit first.
std::uint16_t crc16(std::span<const std::uint8_t> bytes);

}  // namespace minikvm::sim
