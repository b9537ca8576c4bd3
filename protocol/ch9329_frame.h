// SPDX-License-Identifier: MIT
// CH9329 serial frames: bytes in, frames out.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace minikvm::ch9329 {

inline constexpr std::uint8_t kHeadFirst = 0x57;
inline constexpr std::uint8_t kHeadSecond = 0xAB;
inline constexpr std::size_t kFrameOverheadBytes = 6;  // head (2), address, command, length, sum

/// The manual's longest is 64. A newer die answers GET_PARA_CFG with 72 or 88 bytes
/// (docs/hardware.md 5.5), so that much is understood, though never sent.
inline constexpr std::size_t kMaxPayloadBytes = 88;
inline constexpr std::size_t kMaxCommandPayloadBytes = 64;
inline constexpr std::size_t kMaxFrameBytes = kFrameOverheadBytes + kMaxPayloadBytes;

struct Frame {
    std::uint8_t address = 0;  // 00: any chip; FF: all chips, and no answer
    std::uint8_t command = 0;
    std::uint8_t payload_size = 0;  // bytes of payload in use, 0..kMaxPayloadBytes
    std::array<std::uint8_t, kMaxPayloadBytes> payload{};  // zero beyond payload_size

    std::span<const std::uint8_t> data() const { return std::span(payload).first(payload_size); }
    bool operator==(const Frame&) const = default;
};

/// A frame as it stands on the wire, to be sent with a single write(): a gap of more than 3 ms
/// inside a frame ends it (docs/hardware.md 5.1).
class EncodedFrame {
public:
    std::span<const std::uint8_t> bytes() const { return std::span(bytes_).first(size_); }

private:
    friend EncodedFrame encode(const Frame& frame);

    std::array<std::uint8_t, kMaxFrameBytes> bytes_{};
    std::size_t size_ = 0;
};

/// Limits:  a payload_size above kMaxPayloadBytes is a programming error.
/// Thread:  any thread.
/// Source:  docs/hardware.md 5.2 (WCH CH9329 serial protocol V1.x, frame format).
EncodedFrame encode(const Frame& frame);

/// How long `bytes` occupy the line: 8N1 is ten bits a byte. Rounded up.
constexpr std::chrono::microseconds time_on_wire(std::size_t bytes, int speed_bd) {
    const auto bits = static_cast<std::int64_t>(bytes) * 10;
    return std::chrono::microseconds((bits * 1'000'000 + speed_bd - 1) / speed_bd);
}

/// Cuts the byte stream of a serial port into frames.
///
/// Shape:   push() what was read, then call next() until it has nothing more.
///          A frame may arrive over many push() calls, and one push() may complete several frames.
/// Errors:  none are returned. Bytes that cannot belong to a frame are skipped, one at a time,
///          until a head is found again; discarded_bytes() counts them.
/// Limits:  a head with a long length and no tail waits for ever. The caller owns the clock: it
///          calls drop_partial() when an answer is overdue. kCapacityBytes are held; of more, the
///          oldest are discarded. Nothing is allocated.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.2 (WCH CH9329 serial protocol V1.x, frame format).
class FrameParser {
public:
    static constexpr std::size_t kCapacityBytes = 1024;

    void push(std::span<const std::uint8_t> bytes);
    std::optional<Frame> next();

    /// Gives up the frame that is being waited for: its head is skipped, and what came behind it is
    /// searched anew by next().
    void drop_partial();

    /// Whether bytes are held that may become a frame.
    bool holds_partial() const { return begin_ != end_; }
    std::size_t discarded_bytes() const { return discarded_bytes_; }

private:
    void discard(std::size_t count);

    std::array<std::uint8_t, kCapacityBytes> pending_{};  // in use from begin_ to end_
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t discarded_bytes_ = 0;
};

}  // namespace minikvm::ch9329
