// SPDX-License-Identifier: MIT
// Picking the newest whole frame, counting the others.

#include "v4l2-bridge/frame_picker.h"

#include <utility>

namespace minikvm {

void FramePicker::restart() {
    last_sequence_.reset();
    newest_.reset();
}

void FramePicker::count_gap(std::uint32_t sequence) {
    if (last_sequence_) {
        // Unsigned, so that the count may wrap around. A driver that counts backwards has lost
        // nothing that we could tell.
        const std::uint32_t step = sequence - *last_sequence_;
        constexpr std::uint32_t kBackwards = 0x8000'0000;
        counters_.dropped += step > 1 && step < kBackwards ? step - 1 : 0;
    }
    last_sequence_ = sequence;
}

std::optional<std::uint32_t> FramePicker::offer(const CapturedFrame& frame) {
    count_gap(frame.sequence);
    if (check_frame(frame.bytes, frame.driver, negotiated_) != FrameVerdict::Whole) {
        ++counters_.broken;
        return frame.index;
    }
    const auto older = std::exchange(newest_, frame);
    if (!older) {
        return std::nullopt;
    }
    ++counters_.skipped;
    return older->index;
}

std::optional<CapturedFrame> FramePicker::take() {
    return std::exchange(newest_, std::nullopt);
}

}  // namespace minikvm
