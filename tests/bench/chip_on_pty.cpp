// SPDX-License-Identifier: MIT
// ChipOnPty: a thread that sleeps until the model has something to do.

#include "tests/bench/chip_on_pty.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace minikvm {
namespace {

using Clock = std::chrono::steady_clock;

// After everything that a run needs.
constexpr std::size_t kUsualArrivals = 1 << 16;

/// The speeds that a run uses; none for another one, as which the chip hears nothing.
std::optional<unsigned> speed_of(speed_t speed) {
    switch (speed) {
        case B9600:
            return 9600;
        case B115200:
            return 115200;
        default:
            return std::nullopt;
    }
}

timespec time_until(sim::TimePoint when) {
    const auto left = std::max(std::chrono::nanoseconds(when - Clock::now()), {});
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    return {seconds.count(), (left - seconds).count()};
}

}  // namespace

bool become_punctual(Importance importance) {
    ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    const sched_param priority{.sched_priority = static_cast<int>(importance)};
    return ::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &priority) == 0;
}

ChipOnPty::ChipOnPty(const ChipOptions& options)
    : link_({.initial = options.speed_bd == sim::kDefaultSpeedBd
                            ? sim::InitialConfiguration::Factory
                            : sim::InitialConfiguration::VendorApp,
             .command_time = options.answer_delay},
            target_) {
    target_.answer_delay = options.answer_delay;
    target_.arrivals.reserve(kUsualArrivals);
}

Result<std::unique_ptr<ChipOnPty>> ChipOnPty::create(const ChipOptions& options) {
    std::unique_ptr<ChipOnPty> chip(new ChipOnPty(options));
    MINIKVM_TRY(chip->open());
    chip->thread_ = std::thread([borrowed = chip.get()] { borrowed->run(); });
    return chip;
}

Result<void> ChipOnPty::open() {
    line_.reset(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    std::array<char, 64> name{};
    if (!line_ || ::grantpt(line_.get()) != 0 || ::unlockpt(line_.get()) != 0 ||
        ::ptsname_r(line_.get(), name.data(), name.size()) != 0) {
        return errno_error("make a pseudo terminal");
    }
    node_ = name.data();
    kept_open_.reset(::open(node_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    end_.reset(::eventfd(0, EFD_CLOEXEC));
    termios settings{};
    if (!kept_open_ || !end_ || ::tcgetattr(kept_open_.get(), &settings) != 0) {
        return errno_error("open " + node_);
    }
    ::cfmakeraw(&settings);
    if (::tcsetattr(kept_open_.get(), TCSANOW, &settings) != 0) {
        return errno_error("make raw " + node_);
    }
    return {};
}

ChipOnPty::~ChipOnPty() {
    if (thread_.joinable()) {
        stop();
    }
}

std::vector<Arrival> ChipOnPty::stop() {
    eventfd_write(end_.get(), 1);
    thread_.join();
    return std::move(target_.arrivals);
}

void ChipOnPty::run() {
    become_punctual(Importance::Measures);
    std::array<pollfd, 2> wait_for = {pollfd{line_.get(), POLLIN, 0}, {end_.get(), POLLIN, 0}};
    while (wait_for[1].revents == 0) {
        const auto next = link_.next_wakeup(Clock::now());
        const timespec time = next ? time_until(*next) : timespec{1, 0};
        ::ppoll(wait_for.data(), wait_for.size(), &time, nullptr);
        const sim::TimePoint now = Clock::now();
        if ((wait_for[0].revents & POLLIN) != 0) {
            read_line(now);
        }
        link_.advance(now);
        const std::vector<std::uint8_t> bytes = link_.take_received(link_.received());
        if (!bytes.empty()) {
            // A sender who does not read loses them, as at a real port.
            static_cast<void>(::write(line_.get(), bytes.data(), bytes.size()) < 0);
        }
        // What is on its way already keeps the port's buffer full, as at a real bridge.
        wait_for[0].events = link_.pending_to_chip() <= sim::kBridgeBufferBytes ? POLLIN : 0;
    }
}

void ChipOnPty::read_line(sim::TimePoint now) {
    std::array<std::uint8_t, sim::kBridgeBufferBytes> bytes{};
    const ssize_t count = ::read(line_.get(), bytes.data(), bytes.size());
    if (count <= 0) {
        return;
    }
    // Asked at this end, a pseudo terminal tells the other one's speed.
    termios settings{};
    if (::tcgetattr(line_.get(), &settings) == 0) {
        link_.set_speed(now, speed_of(::cfgetospeed(&settings)).value_or(1200));
    }
    link_.send(now, std::span(bytes).first(static_cast<std::size_t>(count)));
}

}  // namespace minikvm
