// SPDX-License-Identifier: MIT
// FramePicker: of the frames that are waiting, the newest that may be shown. No I/O, no clock.

#pragma once

#include <sys/time.h>

#include <cstdint>
#include <optional>
#include <span>

#include "v4l2-bridge/frame_check.h"

namespace minikvm {

/// One frame in one of the capture driver's buffers, which is ours until it is given back.
struct CapturedFrame {
    std::uint32_t index = 0;     // of the buffer
    std::uint32_t sequence = 0;  // the driver's count, lost frames included
    timeval timestamp{};         // steady_clock's time, as V4L2 has it
    DriverVerdict driver = DriverVerdict::Good;
    std::span<const std::uint8_t> bytes;
};

/// Since the picker was made.
struct FrameCounters {
    std::uint64_t dropped = 0;  // gaps in the driver's count
    std::uint64_t skipped = 0;  // whole, but a newer one was waiting
    std::uint64_t broken = 0;   // not to be shown: see check_frame()

    bool operator==(const FrameCounters&) const = default;
};

/// Shape:   offer() every frame that is waiting, oldest first, giving back the buffers that it
///          names at once; then take(). What was taken is the caller's to give back.
///          restart() when the stream starts: the driver counts anew.
/// Thread:  the thread that made it. Nothing is allocated.
class FramePicker final {
public:
    explicit FramePicker(PictureSize negotiated) : negotiated_(negotiated) {}

    void restart();

    /// The buffer that nobody needs any more, if any: a broken frame's, or that of the whole one
    /// before this.
    std::optional<std::uint32_t> offer(const CapturedFrame& frame);
    std::optional<CapturedFrame> take();

    const FrameCounters& counters() const { return counters_; }

private:
    void count_gap(std::uint32_t sequence);

    PictureSize negotiated_;
    FrameCounters counters_;
    std::optional<std::uint32_t> last_sequence_;
    std::optional<CapturedFrame> newest_;
};

}  // namespace minikvm
