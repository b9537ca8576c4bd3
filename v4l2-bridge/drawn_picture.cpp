// SPDX-License-Identifier: MIT
// Rows of a picture of our own, drawn and packed.

#include "v4l2-bridge/drawn_picture.h"

#include <algorithm>

#include "v4l2-bridge/chroma_rows.h"

namespace minikvm {
namespace {

template <typename Plane>
auto row_of(Plane& plane, std::size_t width, std::size_t row) {
    return std::span(plane).subspan(row * width, width);
}

void fill_part(std::span<std::uint8_t> row, std::size_t from, std::size_t to, std::uint8_t value) {
    std::ranges::fill(row.subspan(from, to - from), value);
}

}  // namespace

DrawnPicture::DrawnPicture(PictureSize size, const Colour& colour)
    : size_(size),
      luma_(std::size_t{size.width_px} * size.height_px, colour.luma),
      blue_(chroma_width() * size.height_px, colour.blue),
      red_(chroma_width() * size.height_px, colour.red) {
}

void DrawnPicture::fill(const PictureArea& area, const Colour& colour) {
    const std::size_t left = std::min(area.left, size_.width_px);
    const std::size_t right = std::min<std::size_t>(left + area.width, size_.width_px);
    const std::size_t top = std::min(area.top, size_.height_px);
    const std::size_t bottom = std::min<std::size_t>(top + area.height, size_.height_px);
    for (std::size_t row = top; row < bottom; ++row) {
        fill_part(luma_row(row), left, right, colour.luma);
        fill_part(row_of(blue_, chroma_width(), row), left / 2, (right + 1) / 2, colour.blue);
        fill_part(row_of(red_, chroma_width(), row), left / 2, (right + 1) / 2, colour.red);
    }
}

std::span<std::uint8_t> DrawnPicture::luma_row(std::size_t row) {
    return row_of(luma_, size_.width_px, row);
}

std::span<const std::uint8_t> DrawnPicture::luma_row(std::size_t row) const {
    return row_of(luma_, size_.width_px, row);
}

std::span<const std::uint8_t> DrawnPicture::blue_row(std::size_t row) const {
    return row_of(blue_, chroma_width(), row);
}

std::span<const std::uint8_t> DrawnPicture::red_row(std::size_t row) const {
    return row_of(red_, chroma_width(), row);
}

void DrawnPicture::pack(PictureFormat format, std::span<std::uint8_t> picture) const {
    if (format == PictureFormat::Yuyv) {
        const std::size_t row_bytes = std::size_t{2} * size_.width_px;
        for (std::size_t row = 0; row < size_.height_px; ++row) {
            pack_yuyv(luma_row(row), blue_row(row), red_row(row),
                      picture.subspan(row * row_bytes, row_bytes));
        }
        return;
    }
    std::ranges::copy(luma_, picture.begin());
    pack_chroma(format, picture.subspan(luma_.size()));
}

void DrawnPicture::pack_chroma(PictureFormat format, std::span<std::uint8_t> chroma) const {
    const std::size_t width = chroma_width();
    const std::size_t rows = size_.height_px / 2;
    std::vector<std::uint8_t> blue(width);
    std::vector<std::uint8_t> red(width);
    for (std::size_t row = 0; row < rows; ++row) {
        average(blue_row(2 * row), blue_row(2 * row + 1), blue);
        average(red_row(2 * row), red_row(2 * row + 1), red);
        if (format == PictureFormat::Nv12) {
            interleave(blue, red, chroma.subspan(row * 2 * width, 2 * width));
        } else {
            std::ranges::copy(blue, chroma.subspan(row * width).begin());
            std::ranges::copy(red, chroma.subspan((rows + row) * width).begin());
        }
    }
}

}  // namespace minikvm
