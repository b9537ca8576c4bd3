// SPDX-License-Identifier: MIT
// FrameSource: where the pictures come from.

#pragma once

#include <cstdint>
#include <vector>

#include "common/event_loop.h"
#include "sim/picture/stream_format.h"

namespace minikvm::sim {

enum class Rendered { Nothing, Frame };

/// Shape:   start(), then render() once a frame, then stop(). When it has nothing to give, the
///          chip's filler is sent instead.
/// Thread:  the picture thread.
class FrameSource {
public:
    FrameSource() = default;
    FrameSource(const FrameSource&) = delete;
    FrameSource& operator=(const FrameSource&) = delete;
    virtual ~FrameSource() = default;

    virtual void start(const StreamFormat& format) = 0;
    virtual void stop() = 0;

    /// Replaces what is in `frame`.
    virtual Rendered render(std::uint32_t frame_number, TimePoint now,
                            std::vector<std::uint8_t>& frame) = 0;

    /// The number that later pictures carry, if they carry one.
    virtual void set_nonce(std::uint32_t nonce) = 0;
};

}  // namespace minikvm::sim
