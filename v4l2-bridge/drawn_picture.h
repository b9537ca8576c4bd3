// SPDX-License-Identifier: MIT
// DrawnPicture: a picture of our own, in the planes that the stick's JPEGs have.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "v4l2-bridge/picture_format.h"

namespace minikvm {

/// Full range, BT.601's matrix, as JPEG has it.
struct Colour {
    std::uint8_t luma = 0;
    std::uint8_t blue = 128;
    std::uint8_t red = 128;
};

/// In pixels.
struct PictureArea {
    std::uint32_t left = 0;
    std::uint32_t top = 0;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// Shape:   4:2:2: each two pixels of a row have one colour.
/// Limits:  what is outside is not drawn. An edge between two pixels that share their colour takes
///          that of the pair.
/// Thread:  any thread, one at a time.
class DrawnPicture final {
public:
    DrawnPicture(PictureSize size, const Colour& colour);

    PictureSize size() const { return size_; }

    void fill(const PictureArea& area, const Colour& colour);

    std::span<std::uint8_t> luma_row(std::size_t row);
    std::span<const std::uint8_t> luma_row(std::size_t row) const;
    std::span<const std::uint8_t> blue_row(std::size_t row) const;
    std::span<const std::uint8_t> red_row(std::size_t row) const;

    /// The picture as a raw format has it, into room for picture_bytes() of them. Not for mjpg, nor
    /// for odd sizes, which no raw format has.
    void pack(PictureFormat format, std::span<std::uint8_t> picture) const;

private:
    std::size_t chroma_width() const { return (std::size_t{size_.width_px} + 1) / 2; }
    void pack_chroma(PictureFormat format, std::span<std::uint8_t> chroma) const;

    PictureSize size_;
    std::vector<std::uint8_t> luma_;
    std::vector<std::uint8_t> blue_;
    std::vector<std::uint8_t> red_;
};

}  // namespace minikvm
