// SPDX-License-Identifier: MIT
// Capture: the stick's own stream of JPEGs.

#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/result.h"
#include "v4l2-bridge/frame_picker.h"
#include "v4l2-bridge/v4l2_device.h"
#include "v4l2-bridge/video_mode.h"

namespace minikvm {

/// Shape:   open() settles the mode; stream_on(), then whenever fd() is readable take_newest(), and
///          give_back() what was taken; stream_off(). On and off as often as one likes.
/// Errors:  open(): ENODEV where the stick is gone, EBUSY where someone else streams from it,
///          EPROTO where it offers no JPEGs within the limit, or does not keep to its offer.
///          stream_on(): ENOSPC without bandwidth on the bus. take_newest(): ENODEV when the stick
///          was pulled; after any error the object is to be destroyed.
/// Limits:  the first frame may take a second (docs/hardware.md 2.5, point 3). While off, fd() is
///          not to be watched: V4L2 calls that an error, at once and for ever.
/// Thread:  the thread that made it. take_newest() and give_back() allocate nothing.
class Capture final {
public:
    static Result<std::unique_ptr<Capture>> open(const std::string& node, const ModeWish& wish,
                                                 std::uint64_t limit_pixels_per_second);

    const VideoMode& mode() const { return mode_; }
    int fd() const { return device_.fd(); }
    const std::string& node() const { return device_.node(); }

    /// What the stick offers and delivers whole: within the limit.
    std::span<const VideoMode> offered() const { return offered_; }

    Result<void> stream_on();
    void stream_off();

    /// The newest whole frame that is waiting, if any. All others were given back.
    Result<std::optional<CapturedFrame>> take_newest();
    Result<void> give_back(std::uint32_t index);

    const FrameCounters& counters() const { return picker_.counters(); }

private:
    Capture(V4l2Device device, VideoMode mode, std::vector<VideoMode> offered,
            std::vector<MappedBuffer> buffers);
    Result<void> queue_all_and_start();

    V4l2Device device_;
    VideoMode mode_;
    std::vector<VideoMode> offered_;
    std::vector<MappedBuffer> buffers_;
    FramePicker picker_;
};

}  // namespace minikvm
