// SPDX-License-Identifier: MIT
// StreamFormat: what the host has chosen of the video modes.

#pragma once

#include <chrono>
#include <cstddef>

namespace minikvm::sim {

enum class PixelFormat { Mjpeg, Yuyv };

struct StreamFormat {
    PixelFormat pixels = PixelFormat::Mjpeg;
    unsigned width_px = 0;
    unsigned height_px = 0;
    std::chrono::nanoseconds interval{};  // from frame to frame

    std::size_t yuyv_bytes() const { return std::size_t{width_px} * height_px * 2; }
    bool operator==(const StreamFormat&) const = default;
};

}  // namespace minikvm::sim
