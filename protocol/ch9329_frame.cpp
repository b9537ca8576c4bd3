// SPDX-License-Identifier: MIT
// CH9329 serial frames.

#include "protocol/ch9329_frame.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace minikvm::ch9329 {
namespace {

// Where a frame has what; docs/hardware.md 5.2.
constexpr std::size_t kAddressOffset = 2;
constexpr std::size_t kCommandOffset = 3;
constexpr std::size_t kLengthOffset = 4;
constexpr std::size_t kPayloadOffset = 5;

// The low byte of the sum of all bytes before it, head included.
std::uint8_t sum_of(std::span<const std::uint8_t> bytes) {
    return static_cast<std::uint8_t>(std::accumulate(bytes.begin(), bytes.end(), 0U) & 0xFFU);
}

bool may_be_head(std::span<const std::uint8_t> bytes) {
    return bytes[0] == kHeadFirst && (bytes.size() < 2 || bytes[1] == kHeadSecond) &&
           (bytes.size() <= kLengthOffset || bytes[kLengthOffset] <= kMaxPayloadBytes);
}

// How many bytes the frame at the head of `bytes` has; nothing while its length has not come.
std::optional<std::size_t> frame_size(std::span<const std::uint8_t> bytes) {
    if (bytes.size() <= kLengthOffset) {
        return std::nullopt;
    }
    return kFrameOverheadBytes + bytes[kLengthOffset];
}

Frame decode(std::span<const std::uint8_t> whole) {
    Frame frame;
    frame.address = whole[kAddressOffset];
    frame.command = whole[kCommandOffset];
    frame.payload_size = whole[kLengthOffset];
    std::ranges::copy(whole.subspan(kPayloadOffset, frame.payload_size), frame.payload.begin());
    return frame;
}

}  // namespace

EncodedFrame encode(const Frame& frame) {
    assert(frame.payload_size <= kMaxPayloadBytes);
    EncodedFrame encoded;
    encoded.bytes_[0] = kHeadFirst;
    encoded.bytes_[1] = kHeadSecond;
    encoded.bytes_[kAddressOffset] = frame.address;
    encoded.bytes_[kCommandOffset] = frame.command;
    encoded.bytes_[kLengthOffset] = frame.payload_size;
    std::ranges::copy(frame.data(), encoded.bytes_.begin() + kPayloadOffset);
    const std::size_t sum_offset = kPayloadOffset + frame.payload_size;
    encoded.bytes_[sum_offset] = sum_of(std::span(encoded.bytes_).first(sum_offset));
    encoded.size_ = sum_offset + 1;
    return encoded;
}

void FrameParser::push(std::span<const std::uint8_t> bytes) {
    if (bytes.size() > kCapacityBytes) {
        discard(end_ - begin_);
        discarded_bytes_ += bytes.size() - kCapacityBytes;
        bytes = bytes.last(kCapacityBytes);
    }
    if (end_ + bytes.size() > kCapacityBytes) {
        const std::size_t held = end_ - begin_;
        const std::size_t room = kCapacityBytes - bytes.size();
        discard(held > room ? held - room : 0);
        std::copy(pending_.begin() + begin_, pending_.begin() + end_, pending_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    std::ranges::copy(bytes, pending_.begin() + end_);
    end_ += bytes.size();
}

std::optional<Frame> FrameParser::next() {
    while (begin_ != end_) {
        const auto held = std::span<const std::uint8_t>(pending_).subspan(begin_, end_ - begin_);
        if (!may_be_head(held)) {
            discard(1);
            continue;
        }
        const std::optional<std::size_t> size = frame_size(held);
        if (!size || held.size() < *size) {
            return std::nullopt;
        }
        const auto whole = held.first(*size);
        if (sum_of(whole.first(*size - 1)) == whole.back()) {
            begin_ += *size;
            return decode(whole);
        }
        discard(1);
    }
    return std::nullopt;
}

void FrameParser::drop_partial() {
    if (begin_ != end_) {
        discard(1);
    }
}

void FrameParser::discard(std::size_t count) {
    begin_ += count;
    discarded_bytes_ += count;
}

}  // namespace minikvm::ch9329
