// SPDX-License-Identifier: MIT
// A font of capital letters with digits, in dots.

#pragma once

#include <array>
#include <cstdint>

namespace minikvm::sim {

// With the gap to the next character, or line.
inline constexpr unsigned kGlyphWidth = 6;
inline constexpr unsigned kGlyphHeight = 8;

/// Seven rows of five dots; bit 4 is the leftmost one.
struct Glyph {
    std::array<std::uint8_t, kGlyphHeight - 1> rows{};
};

/// A blank for characters it does not have.
const Glyph& glyph_of(char character);

constexpr bool has_dot(const Glyph& glyph, unsigned column, unsigned row) {
    return column + 1 < kGlyphWidth && row < glyph.rows.size() &&
           (glyph.rows[row] >> (kGlyphWidth - 2 - column) & 1) != 0;
}

}  // namespace minikvm::sim
