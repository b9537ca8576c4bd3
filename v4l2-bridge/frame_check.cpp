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

/// Where the first restart marker stands (RST0 to RST7), or the end.
std::size_t first_restart(std::span<const std::uint8_t> coded) {
    constexpr std::uint8_t kMarker = 0xFF;
    for (std::size_t at = 0; at + 1 < coded.size(); ++at) {
        if (coded[at] == kMarker && (coded[at + 1] & 0xF8U) == 0xD0) {
            return at;
        }
    }
    return coded.size();
}

/// Whether what is coded up to a restart is one unit over and over, but for the first of them and
/// the last byte, which is filled up.
bool repeats_itself(std::span<const std::uint8_t> interval) {
    if (interval.size() < kFirstUnitBytes + 2 * kMaxPeriodBytes) {
        return false;
    }
    const auto body = interval.subspan(kFirstUnitBytes, interval.size() - kFirstUnitBytes - 1);
    for (std::size_t period = 1; period <= kMaxPeriodBytes; ++period) {
        if (std::memcmp(body.data(), body.data() + period, body.size() - period) == 0) {
            return true;
        }
    }
    return false;
}

bool starts_alike(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other) {
    const std::size_t size = std::min(one.size(), other.size());
    // Less the last byte, which an interval that is cut short fills up differently.
    return size > 0 && std::memcmp(one.data(), other.data(), size - 1) == 0;
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
    constexpr std::size_t kMarkerBytes = 2;
    while (!jpeg.empty() && jpeg.back() == 0) {
        jpeg = jpeg.first(jpeg.size() - 1);
    }
    auto coded = coded_data(jpeg);
    if (coded.size() < kMarkerBytes) {
        return false;
    }
    coded = coded.first(coded.size() - kMarkerBytes);  // the end of image
    const auto interval = coded.first(first_restart(coded));
    if (!repeats_itself(interval)) {
        return false;
    }
    // Coding begins anew behind each restart: every interval is like the first one.
    while (coded.size() > interval.size() + kMarkerBytes) {
        coded = coded.subspan(interval.size() + kMarkerBytes);
        if (!starts_alike(interval, coded)) {
            return false;
        }
    }
    return true;
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
