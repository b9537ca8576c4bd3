// SPDX-License-Identifier: MIT
// Encodes a canvas, or some of its rows, as a JPEG.

#pragma once

#include <cstdint>
#include <vector>

#include "sim/picture/canvas.h"

namespace minikvm::sim {

/// Which pixels share a colour. Of a real stick nobody has said (hardware.md 2.4); SOF0 does.
enum class Sampling {
    Yuv422,  // two side by side; an MCU is 16 pixels by 8 lines
    Yuv420,  // a square of four; an MCU is 16 pixels by 16 lines
};

inline constexpr unsigned kRowLines = 8;  // of an MCU of 4:2:2
inline constexpr unsigned kColumnPixels = 16;

/// A whole JPEG: baseline, quality 75, standard Huffman tables, no restart markers.
/// Limits:  the canvas has whole columns of MCUs, and with 4:2:2 whole rows of them.
/// Thread:  any thread, one at a time for a canvas.
std::vector<std::uint8_t> encode_jpeg(const Canvas& canvas, Sampling sampling);

/// These rows of MCUs as a 4:2:2 JPEG of their own, with a restart marker after each but the last.
std::vector<std::uint8_t> encode_rows(const Canvas& canvas, unsigned first_row, unsigned row_count);

}  // namespace minikvm::sim
