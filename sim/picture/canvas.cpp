// SPDX-License-Identifier: MIT
// Drawing into planes.

#include "sim/picture/canvas.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "sim/picture/glyphs.h"

namespace minikvm::sim {
namespace {

std::uint8_t to_byte(double value) {
    return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

// From JFIF's full range to the video range of BT.601, which UVC drivers assume for YUYV.
using ByteTable = std::array<std::uint8_t, 256>;

ByteTable video_range(double span) {
    ByteTable table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        table[i] = to_byte(16 + static_cast<double>(i) * span / 255);
    }
    return table;
}

}  // namespace

// JFIF 1.02, section "RGB to YCbCr".
Color color_from_rgb(unsigned red, unsigned green, unsigned blue) {
    return {to_byte(0.299 * red + 0.587 * green + 0.114 * blue),
            to_byte(128 - 0.168736 * red - 0.331264 * green + 0.5 * blue),
            to_byte(128 + 0.5 * red - 0.418688 * green - 0.081312 * blue)};
}

Canvas::Canvas(unsigned width_px, unsigned height_px)
    : width_px_(width_px),
      height_px_(height_px),
      luma_(std::size_t{width_px} * height_px),
      blue_(luma_.size() / 2, 128),
      red_(luma_.size() / 2, 128) {
    assert(width_px % 2 == 0);
}

void Canvas::fill(const Area& area, const Color& color) {
    const unsigned left = std::min(area.left, width_px_);
    const unsigned right = std::min(area.left + area.width, width_px_);
    const unsigned bottom = std::min(area.top + area.height, height_px_);
    for (unsigned y = area.top; y < bottom; ++y) {
        std::fill(luma(y).begin() + left, luma(y).begin() + right, color.luma);
        std::fill(blue(y).begin() + left / 2, blue(y).begin() + (right + 1) / 2, color.blue);
        std::fill(red(y).begin() + left / 2, red(y).begin() + (right + 1) / 2, color.red);
    }
}

void Canvas::write(unsigned left, unsigned top, unsigned scale, std::string_view text,
                   const Color& color) {
    for (const char character : text) {
        const Glyph& glyph = glyph_of(character);
        for (unsigned row = 0; row < kGlyphHeight; ++row) {
            for (unsigned column = 0; column < kGlyphWidth; ++column) {
                if (has_dot(glyph, column, row)) {
                    fill({left + column * scale, top + row * scale, scale, scale}, color);
                }
            }
        }
        left += kGlyphWidth * scale;
    }
}

std::span<std::uint8_t> Canvas::luma(unsigned line) {
    return std::span(luma_).subspan(std::size_t{line} * width_px_, width_px_);
}
std::span<std::uint8_t> Canvas::blue(unsigned line) {
    return std::span(blue_).subspan(std::size_t{line} * (width_px_ / 2), width_px_ / 2);
}
std::span<std::uint8_t> Canvas::red(unsigned line) {
    return std::span(red_).subspan(std::size_t{line} * (width_px_ / 2), width_px_ / 2);
}
std::span<const std::uint8_t> Canvas::luma(unsigned line) const {
    return std::span(luma_).subspan(std::size_t{line} * width_px_, width_px_);
}
std::span<const std::uint8_t> Canvas::blue(unsigned line) const {
    return std::span(blue_).subspan(std::size_t{line} * (width_px_ / 2), width_px_ / 2);
}
std::span<const std::uint8_t> Canvas::red(unsigned line) const {
    return std::span(red_).subspan(std::size_t{line} * (width_px_ / 2), width_px_ / 2);
}

void pack_yuyv(const Canvas& canvas, unsigned first_line, unsigned line_count,
               std::span<std::uint8_t> picture) {
    static const ByteTable kLuma = video_range(219);
    static const ByteTable kChroma = video_range(224);
    assert(picture.size() == std::size_t{2} * canvas.width_px() * canvas.height_px());
    auto* out = picture.subspan(std::size_t{2} * first_line * canvas.width_px()).data();
    for (unsigned y = first_line; y < first_line + line_count; ++y) {
        const auto luma = canvas.luma(y);
        const auto blue = canvas.blue(y);
        const auto red = canvas.red(y);
        for (std::size_t pair = 0; pair < blue.size(); ++pair) {
            *out++ = kLuma[luma[2 * pair]];
            *out++ = kChroma[blue[pair]];
            *out++ = kLuma[luma[2 * pair + 1]];
            *out++ = kChroma[red[pair]];
        }
    }
}

}  // namespace minikvm::sim
