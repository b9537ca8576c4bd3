// SPDX-License-Identifier: MIT
// UVC payloads, one a packet.

#include "sim/ms2109/video_stream.h"

#include <algorithm>
#include <cassert>
#include <ratio>
#include <utility>

namespace minikvm::sim {
namespace {

// bmHeaderInfo, UVC 1.0 table 2-5.
constexpr std::uint8_t kEndOfFrame = 0x02;
constexpr std::uint8_t kPresentationTime = 0x04;
constexpr std::uint8_t kSourceClock = 0x08;
constexpr std::uint8_t kEndOfHeader = 0x80;

constexpr std::size_t kShortHeaderBytes = 2;
constexpr std::size_t kFullHeaderBytes = 12;
constexpr std::uint32_t kFrameNumberMask = 0x7ff;  // of the bus, eleven bits

using DeviceTicks = std::chrono::duration<std::int64_t, std::ratio<1, 48'000'000>>;

void append_little_endian(std::vector<std::uint8_t>& bytes, std::uint32_t value,
                          std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

std::uint32_t device_ticks(TimePoint time) {
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<DeviceTicks>(time.time_since_epoch()).count());
}

std::uint32_t bus_frame(TimePoint time) {
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return static_cast<std::uint32_t>(milliseconds) & kFrameNumberMask;
}

}  // namespace

void VideoStream::restart(std::size_t payload_bytes) {
    payload_bytes_ = payload_bytes;
    frame_.clear();
    sent_ = 0;
}

void VideoStream::begin(std::vector<std::uint8_t> frame, TimePoint captured) {
    assert(idle());
    frame_ = std::move(frame);
    captured_ = captured;
    sent_ = 0;
    frame_id_ ^= 1U;
}

bool VideoStream::fill(Urb& urb, TimePoint now) {
    if (idle()) {
        return false;
    }
    urb.data.reserve(urb.length_bytes);
    if (urb.packets.empty()) {
        append_payload(urb, urb.length_bytes, now);
    }
    for (IsochronousPacket& packet : urb.packets) {
        packet.actual_bytes =
            static_cast<std::uint32_t>(append_payload(urb, packet.length_bytes, now));
    }
    return true;
}

// How many bytes that were, header included.
std::size_t VideoStream::append_payload(Urb& urb, std::size_t room, TimePoint now) {
    const std::size_t header_bytes =
        header_ == PayloadHeader::Full ? kFullHeaderBytes : kShortHeaderBytes;
    const std::size_t most = std::min(room, payload_bytes_);
    if (idle() || most <= header_bytes) {
        return 0;
    }
    const std::size_t count = std::min(most - header_bytes, frame_.size() - sent_);
    const auto first = frame_.begin() + static_cast<std::ptrdiff_t>(sent_);
    sent_ += count;
    append_header(urb, now);
    urb.data.insert(urb.data.end(), first, first + static_cast<std::ptrdiff_t>(count));
    return header_bytes + count;
}

std::vector<std::uint8_t> VideoStream::take_frame() {
    sent_ = 0;
    return std::exchange(frame_, {});
}

void VideoStream::append_header(Urb& urb, TimePoint now) {
    const bool full = header_ == PayloadHeader::Full;
    const bool ends = sent_ == frame_.size();
    urb.data.push_back(static_cast<std::uint8_t>(full ? kFullHeaderBytes : kShortHeaderBytes));
    urb.data.push_back(static_cast<std::uint8_t>(kEndOfHeader | frame_id_ |
                                                 (ends ? kEndOfFrame : 0) |
                                                 (full ? kPresentationTime | kSourceClock : 0)));
    if (full) {
        append_little_endian(urb.data, device_ticks(captured_), 4);
        append_little_endian(urb.data, device_ticks(now), 4);
        append_little_endian(urb.data, bus_frame(now), 2);
    }
}

}  // namespace minikvm::sim
