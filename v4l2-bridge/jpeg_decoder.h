// SPDX-License-Identifier: MIT
// JpegDecoder: the stick's JPEGs as raw pictures.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/result.h"
#include "v4l2-bridge/picture_format.h"

namespace minikvm {

/// Shape:   create() once, decode() each frame into the memory that viewers see. What the format
///          has as the JPEG has it is decoded in place, the rest by way of planes of our own:
///          one copy at most, and none of the luma of yu12 and nv12.
/// Errors:  create(): EINVAL for mjpg and for odd sizes. decode(): EBADMSG for a damaged JPEG, one
///          of another size, or one that is neither 4:2:2 nor 4:2:0 in YCbCr; the picture is then
///          not to be shown.
/// Limits:  values stay what JPEG has: matrix of BT.601, full range. Between 4:2:2 and 4:2:0 chroma
///          rows are averaged or repeated.
/// Thread:  the thread that made it. decode() allocates nothing of its own.
class JpegDecoder final {
public:
    static Result<JpegDecoder> create(PictureFormat format, PictureSize size);

    std::size_t picture_bytes() const { return picture_bytes_; }

    /// `picture` has room for picture_bytes().
    Result<void> decode(std::span<const std::uint8_t> jpeg, std::span<std::uint8_t> picture);

private:
    struct HandleDeleter {
        void operator()(void* handle) const;
    };
    using Handle = std::unique_ptr<void, HandleDeleter>;
    using Plane = std::vector<std::uint8_t>;
    enum class Sampling { Halved, Quartered };  // chroma: 4:2:2, 4:2:0

    JpegDecoder(Handle handle, PictureFormat format, PictureSize size, std::size_t picture_bytes);
    Result<Sampling> read_header(std::span<const std::uint8_t> jpeg);
    Result<void> decode_planes(std::span<const std::uint8_t> jpeg,
                               std::array<std::uint8_t*, 3> planes);
    std::span<std::uint8_t> chroma_row(Plane& plane, std::size_t row) const;
    void finish_yuyv(Sampling sampling, std::span<std::uint8_t> picture);
    void finish_chroma(Sampling sampling, std::span<std::uint8_t> chroma);

    Handle handle_;
    PictureFormat format_;
    PictureSize size_;
    std::size_t picture_bytes_;
    Plane luma_;  // yuyv alone
    Plane blue_;  // as 4:2:2 has it, the larger of the two
    Plane red_;
};

}  // namespace minikvm
