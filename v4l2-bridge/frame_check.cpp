// SPDX-License-Identifier: MIT
// Telling frames that may be shown from those that may not.

#include "v4l2-bridge/frame_check.h"

#include <algorithm>
#include <cstring>

#include "protocol/bytes.h"
#include "protocol/jpeg.h"

namespace minikvm {
namespace {

// The first unit codes the colour itself, in 11 bits or fewer for each of three components.
constexpr std::size_t kFirstUnitBytes = 16;

// The end of image marker, and a byte before it that is filled up with ones.
constexpr std::size_t kTailBytes = 4;

// A unit of 4:2:2 with the tables of ITU-T T.81 annex K takes 20 bits when nothing changes, so it
// repeats every 5 bytes; 4:2:0 takes 32 bits, 4:4:4 14 bits, grey 6 bits. Shorter codes give
// shorter periods.
constexpr std::size_t kMaxPeriodBytes = 16;

/// What follows the header of the first scan; nothing when there is no such header.
std::span<const std::uint8_t> coded_data(std::span<const std::uint8_t> jpeg) {
    constexpr std::uint8_t kStartOfScan = 0xDA;  // ITU-T T.81 table B.1
    std::size_t segment = 2;                     // behind the start of image
    while (segment + 4 <= jpeg.size()) {
        const std::size_t end = segment + 2 + read_big_endian_16(jpeg, segment + 2);
        if (jpeg[segment + 1] == kStartOfScan) {
            return jpeg.subspan(std::min(end, jpeg.size()));
        }
        segment = end;
    }
    return {};
}

}  // namespace

FrameVerdict check_frame(std::span<const std::uint8_t> frame, DriverVerdict driver,
                         PictureSize negotiated) {
    if (frame.empty()) {
        return FrameVerdict::Empty;
    }
    if (driver == DriverVerdict::Bad || !is_whole_jpeg(frame)) {
        return FrameVerdict::Damaged;
    }
    const auto size = jpeg_size(frame);
    if (!size || PictureSize{size->width_px, size->height_px} != negotiated) {
        return FrameVerdict::WrongSize;
    }
    return FrameVerdict::Whole;
}

bool is_uniform(std::span<const std::uint8_t> jpeg) {
    while (!jpeg.empty() && jpeg.back() == 0) {
        jpeg = jpeg.first(jpeg.size() - 1);
    }
    auto coded = coded_data(jpeg);
    if (coded.size() < kFirstUnitBytes + 2 * kMaxPeriodBytes + kTailBytes) {
        return false;
    }
    coded = coded.subspan(kFirstUnitBytes, coded.size() - kFirstUnitBytes - kTailBytes);
    for (std::size_t period = 1; period <= kMaxPeriodBytes; ++period) {
        if (std::memcmp(coded.data(), coded.data() + period, coded.size() - period) == 0) {
            return true;
        }
    }
    return false;
}

bool FillerGate::withhold(std::span<const std::uint8_t> whole_jpeg) {
    if (withheld_ >= kMaxWithheld) {
        return false;
    }
    if (!is_uniform(whole_jpeg)) {
        withheld_ = kMaxWithheld;
        return false;
    }
    ++withheld_;
    return true;
}

}  // namespace minikvm
