// SPDX-License-Identifier: MIT
// Choosing a mode: every offered mode gets a rank, the highest wins.

#include "v4l2-bridge/video_mode.h"

#include <tuple>

#include <fmt/format.h>

namespace minikvm {
namespace {

bool fits_into(PictureSize size, PictureSize frame) {
    return size.width_px <= frame.width_px && size.height_px <= frame.height_px;
}

std::int64_t area_px(PictureSize size) {
    return static_cast<std::int64_t>(size.width_px) * size.height_px;
}

/// Ordered so that the better mode compares greater. A size or rate beyond the wanted one counts
/// as negative: worse than any that fits, and worse the further it goes.
auto rank(const VideoMode& mode, const VideoMode& wanted) {
    const std::int64_t area =
        fits_into(mode.size, wanted.size) ? area_px(mode.size) : -area_px(mode.size);
    const auto rate_hz = static_cast<std::int64_t>(mode.rate_hz);
    const std::int64_t rate = mode.rate_hz <= wanted.rate_hz ? rate_hz : -rate_hz;
    return std::tuple(area, rate);
}

}  // namespace

std::uint64_t pixels_per_second(const VideoMode& mode) {
    return std::uint64_t{mode.size.width_px} * mode.size.height_px * mode.rate_hz;
}

std::optional<VideoMode> choose_mode(std::span<const VideoMode> offered, const VideoMode& wanted,
                                     std::uint64_t limit_pixels_per_second) {
    std::optional<VideoMode> best;
    for (const VideoMode& mode : offered) {
        const bool allowed = mode.rate_hz > 0 && pixels_per_second(mode) <= limit_pixels_per_second;
        if (allowed && (!best || rank(mode, wanted) > rank(*best, wanted))) {
            best = mode;
        }
    }
    return best;
}

std::string to_string(const VideoMode& mode) {
    return fmt::format("{}x{}@{}", mode.size.width_px, mode.size.height_px, mode.rate_hz);
}

}  // namespace minikvm
