// SPDX-License-Identifier: MIT

#include "device/chip_line.h"

#include <sys/epoll.h>

#include <array>

namespace minikvm {

Result<std::unique_ptr<ChipLine>> ChipLine::create(EventLoop& loop, SerialPort& port,
                                                   ChipLineUser& user) {
    std::unique_ptr<ChipLine> line(new ChipLine(loop, port, user));
    ChipLine* const self = line.get();
    line->watch_ = MINIKVM_TRY(loop.watch(port.fd(), EPOLLIN, [self](auto) { self->read_port(); }));
    line->timer_ = MINIKVM_TRY(loop.timer([self](TimePoint now) { self->on_deadline(now); }));
    return line;
}

void ChipLine::read_port() {
    std::array<std::uint8_t, 256> buffer{};
    for (;;) {
        const Result<std::size_t> count = port_.read(buffer);
        if (!count) {
            lose(count.error());
            break;
        }
        if (*count == 0) {
            break;
        }
        user_.receive(loop_.now(), std::span(buffer).first(*count));
    }
    rearm();
}

void ChipLine::write(std::span<const std::uint8_t> frame) {
    const Result<void> written = port_.write(frame);
    if (!written && written.error().code != std::errc::no_buffer_space) {
        lose(written.error());
    }
}

void ChipLine::set_speed(int speed_bd) {
    const Result<void> set = port_.set_speed(speed_bd);
    if (!set) {
        lose(set.error());
    }
}

// The user is told from the loop: this may be deep inside its engine.
void ChipLine::lose(const Error& error) {
    if (!lost_) {
        lost_ = error;
        watch_ = {};
    }
}

void ChipLine::rearm() {
    if (lost_) {
        timer_.arm_at(loop_.now());
    } else if (const std::optional<TimePoint> deadline = user_.deadline()) {
        timer_.arm_at(*deadline);
    } else {
        timer_.disarm();
    }
}

void ChipLine::on_deadline(TimePoint now) {
    if (lost_) {
        user_.line_lost(*lost_);
        return;
    }
    user_.advance(now);
    rearm();
}

}  // namespace minikvm
