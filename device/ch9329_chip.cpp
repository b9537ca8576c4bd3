// SPDX-License-Identifier: MIT
// Ch9329Chip: the engine, a port and a timer.

#include "device/ch9329_chip.h"

#include <sys/epoll.h>

#include <array>
#include <utility>

namespace minikvm {

Result<std::unique_ptr<Ch9329Chip>> Ch9329Chip::create(EventLoop& loop, SerialPort& port,
                                                       const Ch9329Options& options,
                                                       const Ch9329Callbacks& callbacks) {
    std::unique_ptr<Ch9329Chip> chip(new Ch9329Chip(loop, port, options, callbacks));
    Ch9329Chip* const self = chip.get();
    chip->watch_ = MINIKVM_TRY(loop.watch(port.fd(), EPOLLIN, [self](auto) { self->read_port(); }));
    chip->timer_ = MINIKVM_TRY(loop.timer([self](TimePoint now) { self->on_deadline(now); }));
    chip->engine_.start(loop.now());
    chip->rearm();
    return chip;
}

Ch9329Chip::Ch9329Chip(EventLoop& loop, SerialPort& port, const Ch9329Options& options,
                       const Ch9329Callbacks& callbacks)
    : loop_(loop), port_(port), callbacks_(callbacks), engine_(*this, options, callbacks) {
}

void Ch9329Chip::send(const HidReport& report) {
    engine_.send(loop_.now(), report);
    rearm();
}

void Ch9329Chip::read_port() {
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
        engine_.receive(loop_.now(), std::span(buffer).first(*count));
    }
    rearm();
}

void Ch9329Chip::write(std::span<const std::uint8_t> frame) {
    const Result<void> written = port_.write(frame);
    // A full buffer is a frame lost on its way, which the engine's time-out is for.
    if (!written && written.error().code != std::errc::no_buffer_space) {
        lose(written.error());
    }
}

void Ch9329Chip::set_speed(int speed_bd) {
    const Result<void> set = port_.set_speed(speed_bd);
    if (!set) {
        lose(set.error());
    }
}

// The callback follows from the loop: this may be deep inside the engine.
void Ch9329Chip::lose(const Error& error) {
    if (!lost_) {
        lost_ = error;
        watch_ = {};
    }
}

void Ch9329Chip::rearm() {
    if (lost_) {
        timer_.arm_at(loop_.now());
    } else if (const std::optional<TimePoint> deadline = engine_.deadline()) {
        timer_.arm_at(*deadline);
    } else {
        timer_.disarm();
    }
}

void Ch9329Chip::on_deadline(TimePoint now) {
    if (!lost_) {
        engine_.advance(now);
        rearm();
        return;
    }
    engine_.stop();
    if (callbacks_.on_lost) {
        callbacks_.on_lost(*lost_);
    }
}

}  // namespace minikvm
