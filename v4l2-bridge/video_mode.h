// SPDX-License-Identifier: MIT
// Picture sizes with their rates: what a stick offers, what is chosen from it.

#pragma once

#include <cstdint>

namespace minikvm {

struct PictureSize {
    std::uint32_t width_px = 0;
    std::uint32_t height_px = 0;

    bool operator==(const PictureSize&) const = default;
};

struct VideoMode {
    PictureSize size;
    std::uint32_t rate_hz = 0;

    bool operator==(const VideoMode&) const = default;
};

}  // namespace minikvm
