// SPDX-License-Identifier: MIT
// Which of a stick's frames may be shown. No I/O, no clock.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "v4l2-bridge/video_mode.h"

namespace minikvm {

enum class FrameVerdict { Whole, Empty, Damaged, WrongSize };

/// Whether the driver saw an error in a frame (V4L2_BUF_FLAG_ERROR).
enum class DriverVerdict { Good, Bad };

/// Truncated frames are normal with this family of chips: only a JPEG from its first marker to its
/// last, of the negotiated size, is whole. Source: docs/hardware.md 2.5, points 1 and 2.
FrameVerdict check_frame(std::span<const std::uint8_t> frame, DriverVerdict driver,
                         PictureSize negotiated);

/// Whether every pixel of a JPEG has one colour: what the chips send before they have a picture
/// (docs/hardware.md 2.6), whatever the colour is.
///
/// In such a JPEG each block codes "same as the one before, nothing else", so that after the first
/// few the coded data repeats with a short period: no decoding is needed, and a picture with
/// anything in it is told apart at its first detail.
/// Limits:  with restart markers at fewer than 50 coded bytes from each other, it is taken for a
///          picture.
bool is_uniform(std::span<const std::uint8_t> jpeg);

/// Shape:   restart() when the stick's stream starts, then withhold() for each whole frame in turn.
///          Uniform frames are withheld until something else comes, or too many have come: then
///          that is what the stick has to show.
/// Source:  docs/hardware.md 2.6: the first 11 to 14 frames after each stream start.
class FillerGate final {
public:
    /// Half a second at 30 Hz, one more than was ever seen.
    static constexpr unsigned kMaxWithheld = 15;

    void restart() { withheld_ = 0; }
    bool withhold(std::span<const std::uint8_t> whole_jpeg);

private:
    unsigned withheld_ = kMaxWithheld;
};

}  // namespace minikvm
