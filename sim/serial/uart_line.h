// SPDX-License-Identifier: MIT
// UartLine: one direction of a serial line, as slow as the real one.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>

namespace minikvm::sim {

using TimePoint = std::chrono::steady_clock::time_point;

inline constexpr unsigned kBitsPerByte = 10;  // 8N1: start, eight of data, stop (hardware.md 5.1)

/// How long `bytes` bytes keep a line busy.
constexpr std::chrono::nanoseconds line_time(std::size_t bytes, unsigned speed_bd) {
    return std::chrono::nanoseconds(bytes * kBitsPerByte * 1'000'000'000ULL / speed_bd);
}

/// Lowers `earliest` to `candidate`, when there is one.
inline void make_earlier(std::optional<TimePoint>& earliest, std::optional<TimePoint> candidate) {
    if (candidate && (!earliest || *candidate < *earliest)) {
        earliest = candidate;
    }
}

/// A byte whose stop bit is over.
struct LineByte {
    TimePoint ended;
    std::uint8_t value = 0;
    unsigned speed_bd = 0;  // it was sent at
};

/// Shape:   send() at any moment; take() gives what has passed the line until now, byte by byte.
/// Limits:  the sender's buffer is endless; pending() is for a caller that stops earlier.
/// Thread:  the thread that made it.
class UartLine final {
public:
    explicit UartLine(unsigned speed_bd) : speed_bd_(speed_bd) {}

    unsigned speed_bd() const { return speed_bd_; }

    /// From the next byte on; the byte on the line ends as it began.
    void set_speed(unsigned speed_bd) { speed_bd_ = speed_bd; }

    void send(TimePoint now, std::span<const std::uint8_t> bytes);
    std::optional<LineByte> take(TimePoint now);

    /// The sender loses its power, or is reset: what is not over by `now` is lost.
    void cut(TimePoint now);

    std::size_t pending() const { return pending_.size(); }
    std::optional<TimePoint> next_byte_ends() const;

    /// When everything sent so far is over; `now` when nothing is on the line.
    TimePoint idle_at(TimePoint now) const;

private:
    void begin_byte(TimePoint start);

    unsigned speed_bd_;
    std::deque<std::uint8_t> pending_;  // the first one is on the line
    TimePoint byte_ends_{};
    unsigned byte_speed_bd_ = 0;
};

}  // namespace minikvm::sim
