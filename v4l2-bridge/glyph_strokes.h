// SPDX-License-Identifier: MIT
// The letters of the status card, as strokes of a pen. Drawn for this project.

#pragma once

#include <string_view>

namespace minikvm {

// Of the grid that strokes are drawn on; y runs downward.
inline constexpr float kCapitalHeight = 12;  // from a capital's top, 0, to the base line
inline constexpr float kDescent = 3;         // of a p below the base line
inline constexpr float kLetterGap = 3;       // from one letter to the next
inline constexpr float kSpaceWidth = 3;

/// Strokes are separated by blanks, and each is a row of points, of which each is a hexadecimal
/// digit for x and one for y. "000c" goes down from a capital's top to the base line, and "1c" is a
/// dot on that. After '~' a stroke is smooth: it begins at its first point, ends at its last, and
/// is drawn toward those between without reaching them, as a quadratic B-spline.
struct GlyphStrokes {
    char character;
    float width;
    std::string_view strokes;
};

/// A blank for a character that there is none for.
const GlyphStrokes& glyph_strokes(char character);

}  // namespace minikvm
