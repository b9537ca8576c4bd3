// SPDX-License-Identifier: MIT
// UartLine: one direction of a serial line, as slow as the real one.

#include "sim/serial/uart_line.h"

namespace minikvm::sim {

void UartLine::begin_byte(TimePoint start) {
    byte_speed_bd_ = speed_bd_;
    byte_ends_ = start + line_time(1, speed_bd_);
}

void UartLine::send(TimePoint now, std::span<const std::uint8_t> bytes) {
    const bool was_idle = pending_.empty();
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    if (was_idle && !pending_.empty()) {
        begin_byte(now);
    }
}

std::optional<LineByte> UartLine::take(TimePoint now) {
    if (pending_.empty() || byte_ends_ > now) {
        return std::nullopt;
    }
    const LineByte byte{byte_ends_, pending_.front(), byte_speed_bd_};
    pending_.pop_front();
    if (!pending_.empty()) {
        begin_byte(byte.ended);
    }
    return byte;
}

void UartLine::cut(TimePoint now) {
    std::size_t over = 0;
    for (TimePoint ends = byte_ends_; over < pending_.size() && ends <= now; ++over) {
        ends += line_time(1, speed_bd_);
    }
    pending_.resize(over);
}

std::optional<TimePoint> UartLine::next_byte_ends() const {
    if (pending_.empty()) {
        return std::nullopt;
    }
    return byte_ends_;
}

TimePoint UartLine::idle_at(TimePoint now) const {
    if (pending_.empty()) {
        return now;
    }
    return byte_ends_ + (pending_.size() - 1) * line_time(1, speed_bd_);
}

}  // namespace minikvm::sim
