// SPDX-License-Identifier: MIT
// Spoiling frames in place.

#include "sim/ms2109/frame_spoiler.h"

#include <cstddef>

#include "sim/picture/jpeg_markers.h"

namespace minikvm::sim {
namespace {

using Frame = std::vector<std::uint8_t>;

constexpr std::size_t kSegmentLengthAt = 2;
constexpr std::size_t kLinesAt = 5;  // behind marker, length and precision

std::size_t big_endian(const Frame& frame, std::size_t at) {
    return static_cast<std::size_t>(frame[at]) << 8 | frame[at + 1];
}

// An eighth of the frame, from its middle on.
void lose_a_piece(Frame& frame) {
    const auto middle = frame.begin() + static_cast<std::ptrdiff_t>(frame.size() / 2);
    frame.erase(middle, middle + static_cast<std::ptrdiff_t>(frame.size() / 8));
}

void halve_lines(Frame& frame) {
    std::size_t segment = 2;  // behind SOI
    while (segment + kLinesAt + 2 <= frame.size() && frame[segment] == jpeg_marker::kPrefix &&
           frame[segment + 1] != jpeg_marker::kStartOfScan) {
        if (frame[segment + 1] == jpeg_marker::kStartOfFrame) {
            const std::size_t lines = big_endian(frame, segment + kLinesAt) / 2;
            frame[segment + kLinesAt] = static_cast<std::uint8_t>(lines >> 8);
            frame[segment + kLinesAt + 1] = static_cast<std::uint8_t>(lines);
            return;
        }
        segment += 2 + big_endian(frame, segment + kSegmentLengthAt);
    }
}

}  // namespace

void FrameSpoiler::spoil(FrameFault fault, unsigned count) {
    fault_ = fault;
    left_ = count;
    repeated_.clear();
}

bool FrameSpoiler::apply(Frame& frame) {
    if (left_ == 0) {
        return false;
    }
    switch (fault_) {
        case FrameFault::Truncated:
            frame.resize(frame.size() / 3 * 2);
            break;
        case FrameFault::Damaged:
            lose_a_piece(frame);
            break;
        case FrameFault::Empty:
            frame = {jpeg_marker::kPrefix, jpeg_marker::kStartOfImage, jpeg_marker::kPrefix,
                     jpeg_marker::kEndOfImage};
            break;
        case FrameFault::WrongSize:
            halve_lines(frame);
            break;
        case FrameFault::Repeated:
            if (repeated_.empty()) {
                repeated_ = frame;
                return false;
            }
            frame = repeated_;
            break;
    }
    left_ -= left_ == kAllFrames ? 0 : 1;
    return true;
}

}  // namespace minikvm::sim
