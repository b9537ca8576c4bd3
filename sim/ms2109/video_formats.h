// SPDX-License-Identifier: MIT
// The video modes that a UVC 1.0 configuration descriptor offers.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/picture/stream_format.h"

namespace minikvm::sim {

struct VideoFrameSize {
    std::uint8_t index = 0;  // bFrameIndex
    unsigned width_px = 0;
    unsigned height_px = 0;
    std::uint32_t default_interval = 0;    // 100 ns
    std::vector<std::uint32_t> intervals;  // 100 ns, as they stand: shortest first
};

struct VideoFormat {
    std::uint8_t index = 0;  // bFormatIndex
    PixelFormat pixels = PixelFormat::Mjpeg;
    std::uint8_t default_frame = 0;
    std::vector<VideoFrameSize> sizes;
};

/// Reads the formats and frames of discrete intervals out of a configuration; others are left out.
std::vector<VideoFormat> parse_video_formats(std::span<const std::uint8_t> configuration);

}  // namespace minikvm::sim
