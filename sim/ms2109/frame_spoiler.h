// SPDX-License-Identifier: MIT
// FrameSpoiler: what can happen to a frame between the chip's encoder and the host.

#pragma once

#include <cstdint>
#include <vector>

namespace minikvm::sim {

enum class FrameFault {
    Truncated,  // it ends without its last third
    Damaged,    // a piece of its middle is missing, as when the bus loses packets
    Empty,      // it begins and ends, with nothing between
    WrongSize,  // its header speaks of half the lines that were negotiated
    Repeated,   // it is the frame before it once more
};

/// Shape:   spoil() says what happens to how many frames, instead of what was said before; apply()
///          takes each frame in its turn. The first one under Repeated is what is repeated.
/// Limits:  WrongSize is for JPEGs: a frame without a JPEG's header keeps its size.
/// Thread:  any thread, one at a time.
/// Source:  ITU T.81, B.2.2 (the frame header).
class FrameSpoiler final {
public:
    static constexpr unsigned kAllFrames = UINT32_MAX;

    void spoil(FrameFault fault, unsigned count);

    /// Whether something was done to it.
    bool apply(std::vector<std::uint8_t>& frame);

private:
    FrameFault fault_ = FrameFault::Truncated;
    unsigned left_ = 0;
    std::vector<std::uint8_t> repeated_;
};

}  // namespace minikvm::sim
