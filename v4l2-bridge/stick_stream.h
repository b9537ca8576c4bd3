// SPDX-License-Identifier: MIT
// StickStream: where a stick's JPEGs come from.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "common/result.h"
#include "v4l2-bridge/frame_picker.h"
#include "v4l2-bridge/video_mode.h"

namespace minikvm {

/// Shape:   stream_on(), then whenever fd() is readable take_newest(), and give_back() what was
///          taken; stream_off(). On and off as often as one likes.
/// Errors:  stream_on(): ENOSPC without bandwidth on the bus. take_newest(): ENODEV when the stick
///          was pulled; after any error the object is to be destroyed.
/// Limits:  the first frame may take a second (docs/hardware.md 2.5, point 3). While off, fd() is
///          not to be watched: V4L2 calls that an error, at once and for ever.
/// Thread:  the thread that made it. take_newest() and give_back() allocate nothing.
class StickStream {
public:
    StickStream() = default;
    StickStream(const StickStream&) = delete;
    StickStream& operator=(const StickStream&) = delete;
    virtual ~StickStream() = default;

    virtual const VideoMode& mode() const = 0;
    virtual int fd() const = 0;
    virtual const std::string& node() const = 0;

    /// What the stick offers and delivers whole: within the limit.
    virtual std::span<const VideoMode> offered() const = 0;

    virtual Result<void> stream_on() = 0;
    virtual void stream_off() = 0;

    /// The newest whole frame that is waiting, if any. All others were given back.
    virtual Result<std::optional<CapturedFrame>> take_newest() = 0;
    virtual Result<void> give_back(std::uint32_t index) = 0;

    virtual const FrameCounters& counters() const = 0;
};

/// As Capture::open().
using OpenStream = std::function<Result<std::unique_ptr<StickStream>>(
    const std::string& node, const ModeWish& wish, std::uint64_t limit_pixels_per_second)>;

}  // namespace minikvm
