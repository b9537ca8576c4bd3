// SPDX-License-Identifier: MIT
// Picture sizes with their rates: what a stick offers, what is chosen from it.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

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

/// What an MS2109 delivers whole: 1920x1080 at 30 Hz. It may offer 1080p60 and then loses half of
/// it. Source: docs/hardware.md 2.5, point 1.
inline constexpr std::uint64_t kMs2109PixelsPerSecond = 62'208'000;

std::uint64_t pixels_per_second(const VideoMode& mode);

/// What a stick is asked for.
struct ModeWish {
    VideoMode mode;                           // or what is nearest to it
    std::optional<PictureSize> exactly = {};  // rather than the mode's size, where it is offered

    bool operator==(const ModeWish&) const = default;
};

/// The mode to use: of those within the limit, the wish's exact size, else the largest that fits
/// into its mode's, else the smallest; of its rates, the highest up to the mode's, else the lowest.
/// Nothing only when nothing is within the limit.
std::optional<VideoMode> choose_mode(std::span<const VideoMode> offered, const ModeWish& wish,
                                     std::uint64_t limit_pixels_per_second);

/// "1920x1080", as users have it, and back; nothing for what is no size.
std::string to_string(PictureSize size);
std::optional<PictureSize> size_from(std::string_view text);

/// A rate in Hz from "30"; nothing for what is none.
std::optional<std::uint32_t> rate_from(std::string_view text);

/// "1920x1080@30", as the log has it.
std::string to_string(const VideoMode& mode);

}  // namespace minikvm
