// SPDX-License-Identifier: MIT
// JPEGs made for tests, by a coder that is not ours.

#pragma once

#include <stdlib.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "v4l2-bridge/video_mode.h"

namespace minikvm::test {

using Bytes = std::vector<std::uint8_t>;
/// Where coding begins anew: what MS2109 does is not known.
enum class Restarts { None, EachRow };

/// A JPEG of red, green and blue bytes, row by row.
inline Bytes jpeg(PictureSize size, const Bytes& pixels, int sampling = TJSAMP_422,
                  Restarts restarts = Restarts::None) {
    // TurboJPEG takes this one setting from the environment alone, each time it codes.
    ::setenv("TJ_RESTART", restarts == Restarts::EachRow ? "1" : "0", 1);
    unsigned char* coded = nullptr;
    unsigned long coded_bytes = 0;
    tjhandle compressor = tjInitCompress();
    tjCompress2(compressor, pixels.data(), static_cast<int>(size.width_px), 0,
                static_cast<int>(size.height_px), TJPF_RGB, &coded, &coded_bytes, sampling, 80, 0);
    Bytes result(coded, coded + coded_bytes);
    tjFree(coded);
    tjDestroy(compressor);
    return result;
}

inline Bytes uniform_pixels(PictureSize size, std::uint8_t grey) {
    return Bytes(std::size_t{3} * size.width_px * size.height_px, grey);
}

inline Bytes uniform_jpeg(PictureSize size, std::uint8_t grey, int sampling = TJSAMP_422,
                          Restarts restarts = Restarts::None) {
    return jpeg(size, uniform_pixels(size, grey), sampling, restarts);
}

/// A dark screen with a cursor, a light stroke of eight pixels, in the middle of one line.
inline Bytes cursor_jpeg(PictureSize size, std::uint32_t line_px,
                         Restarts restarts = Restarts::None) {
    constexpr std::uint8_t kDark = 7;
    constexpr std::uint8_t kLight = 200;
    Bytes pixels = uniform_pixels(size, kDark);
    const std::size_t position_px = std::size_t{size.width_px} * line_px + size.width_px / 2;
    const auto cursor = pixels.begin() + static_cast<std::ptrdiff_t>(3 * position_px);
    std::fill(cursor, cursor + std::ptrdiff_t{3} * 8, kLight);
    return jpeg(size, pixels, TJSAMP_422, restarts);
}

inline Bytes console_jpeg(PictureSize size) {
    return cursor_jpeg(size, size.height_px / 2);
}

}  // namespace minikvm::test
