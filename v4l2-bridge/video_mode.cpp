// SPDX-License-Identifier: MIT
// Choosing a mode: every offered mode gets a rank, the highest wins.

#include "v4l2-bridge/video_mode.h"

#include <charconv>
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
auto rank(const VideoMode& mode, const ModeWish& wish) {
    const VideoMode& wanted = wish.mode;
    const std::int64_t area =
        fits_into(mode.size, wanted.size) ? area_px(mode.size) : -area_px(mode.size);
    const auto rate_hz = static_cast<std::int64_t>(mode.rate_hz);
    const std::int64_t rate = mode.rate_hz <= wanted.rate_hz ? rate_hz : -rate_hz;
    return std::tuple(mode.size == wish.exactly, area, rate);
}

/// A whole text that is a positive number; without a sign or anything else.
std::optional<std::uint32_t> number_from(std::string_view text) {
    std::uint32_t number = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    return parsed.ec == std::errc() && parsed.ptr == end && number > 0 ? std::optional(number)
                                                                       : std::nullopt;
}

}  // namespace

std::uint64_t pixels_per_second(const VideoMode& mode) {
    return std::uint64_t{mode.size.width_px} * mode.size.height_px * mode.rate_hz;
}

std::optional<VideoMode> choose_mode(std::span<const VideoMode> offered, const ModeWish& wish,
                                     std::uint64_t limit_pixels_per_second) {
    std::optional<VideoMode> best;
    for (const VideoMode& mode : offered) {
        const bool allowed = mode.rate_hz > 0 && pixels_per_second(mode) <= limit_pixels_per_second;
        if (allowed && (!best || rank(mode, wish) > rank(*best, wish))) {
            best = mode;
        }
    }
    return best;
}

std::string to_string(PictureSize size) {
    return fmt::format("{}x{}", size.width_px, size.height_px);
}

std::optional<PictureSize> size_from(std::string_view text) {
    const std::size_t times = text.find('x');
    if (times == std::string_view::npos) {
        return std::nullopt;
    }
    const auto width_px = number_from(text.substr(0, times));
    const auto height_px = number_from(text.substr(times + 1));
    if (!width_px || !height_px) {
        return std::nullopt;
    }
    return PictureSize{*width_px, *height_px};
}

std::optional<std::uint32_t> rate_from(std::string_view text) {
    return number_from(text);
}

std::string to_string(const VideoMode& mode) {
    return fmt::format("{}@{}", to_string(mode.size), mode.rate_hz);
}

}  // namespace minikvm
