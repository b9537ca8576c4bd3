// SPDX-License-Identifier: MIT
// Canvas: a picture in the planes that a 4:2:2 JPEG has.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace minikvm::sim {

/// Full range, BT.601 matrix, as JFIF has it.
struct Color {
    std::uint8_t luma = 0;
    std::uint8_t blue = 128;  // Cb
    std::uint8_t red = 128;   // Cr
};

inline constexpr Color kBlack{0, 128, 128};
inline constexpr Color kWhite{255, 128, 128};

Color color_from_rgb(unsigned red, unsigned green, unsigned blue);

/// In pixels.
struct Area {
    unsigned left = 0;
    unsigned top = 0;
    unsigned width = 0;
    unsigned height = 0;
};

/// Limits:  the width is even. What lies outside is not drawn; an odd edge takes its pair's colour.
/// Thread:  any thread, one at a time.
class Canvas final {
public:
    Canvas(unsigned width_px, unsigned height_px);

    unsigned width_px() const { return width_px_; }
    unsigned height_px() const { return height_px_; }

    void fill(const Area& area, const Color& color);

    /// Characters of kGlyphWidth x kGlyphHeight dots, each `scale` pixels wide; only the dots are
    /// drawn. Unknown characters are left blank.
    void write(unsigned left, unsigned top, unsigned scale, std::string_view text,
               const Color& color);

    // One line of a plane; the chroma planes are half as wide, and as high.
    std::span<std::uint8_t> luma(unsigned line);
    std::span<std::uint8_t> blue(unsigned line);
    std::span<std::uint8_t> red(unsigned line);
    std::span<const std::uint8_t> luma(unsigned line) const;
    std::span<const std::uint8_t> blue(unsigned line) const;
    std::span<const std::uint8_t> red(unsigned line) const;

private:
    unsigned width_px_;
    unsigned height_px_;
    std::vector<std::uint8_t> luma_;
    std::vector<std::uint8_t> blue_;
    std::vector<std::uint8_t> red_;
};

/// Packs `line_count` lines from `first_line` on as YUYV in video range, into the bytes of the
/// whole picture.
void pack_yuyv(const Canvas& canvas, unsigned first_line, unsigned line_count,
               std::span<std::uint8_t> picture);

}  // namespace minikvm::sim
