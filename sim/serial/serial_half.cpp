// SPDX-License-Identifier: MIT
// SerialHalf: what hangs on the serial bridge, in real time: the line, the CH9329, the target.

#include "sim/serial/serial_half.h"

#include <utility>

#include "common/log.h"
#include "sim/serial/serial_commands.h"

namespace minikvm::sim {

SerialHalf::SerialHalf(std::optional<JsonLines> lines, const Ch9329Options& options)
    : lines_(std::move(lines)),
      target_([this](const std::string& line) { write_line(line); }),
      link_(options, target_) {
}

Result<std::unique_ptr<SerialHalf>> SerialHalf::create(EventLoop& loop,
                                                       const SerialOptions& options) {
    std::optional<JsonLines> lines;
    if (!options.recorder_path.empty()) {
        lines = MINIKVM_TRY(JsonLines::open(options.recorder_path));
    }
    std::unique_ptr<SerialHalf> half(new SerialHalf(std::move(lines), options.chip));
    half->timer_ = MINIKVM_TRY(loop.timer([borrowed = half.get()](TimePoint) { borrowed->run(); }));
    return half;
}

void SerialHalf::write_line(const std::string& line) {
    if (!lines_) {
        return;
    }
    const Result<void> written = lines_->append(line);
    if (!written && !lines_broken_) {
        log::error("kernel: the target's reports are not recorded: {}", written.error().message());
    }
    lines_broken_ = !written;
}

/// Lets happen what is due. The clock is read here, not at the wake-up: a byte that the loop was
/// late to read must not seem to have been on the line since then.
void SerialHalf::run() {
    const TimePoint now = Clock::now();
    link_.advance(now);
    if (progress_) {
        progress_();
    }
    rearm(now);
}

void SerialHalf::rearm(TimePoint now) {
    if (const std::optional<TimePoint> next = link_.next_wakeup(now)) {
        timer_.arm_at(*next);
    } else {
        timer_.disarm();
    }
}

void SerialHalf::set_speed(unsigned speed_bd) {
    link_.set_speed(Clock::now(), speed_bd);
}

void SerialHalf::send(std::span<const std::uint8_t> bytes) {
    if (bridge_wedged_) {
        return;
    }
    const TimePoint now = Clock::now();
    link_.send(now, bytes);
    rearm(now);
}

void SerialHalf::set_def(DefLevel level) {
    const TimePoint now = Clock::now();
    link_.advance(now);
    link_.chip().set_def(now, level);
    rearm(now);
}

void SerialHalf::restore_factory() {
    const TimePoint now = Clock::now();
    link_.chip().restore_factory(now);
    rearm(now);
}

void SerialHalf::set_wedge(Wedge wedge) {
    bridge_wedged_ = wedge == Wedge::UntilUsbReset;
    if (wedge == Wedge::UntilReset) {
        link_.chip().wedge();
    } else {
        link_.chip().free();
    }
}

void SerialHalf::plug() {
    bridge_wedged_ = false;
    const TimePoint now = Clock::now();
    link_.plug(now);
    rearm(now);
}

void SerialHalf::unplug() {
    const TimePoint now = Clock::now();
    link_.unplug(now);
    rearm(now);
}

void SerialHalf::set_target(TargetState state) {
    const TimePoint now = Clock::now();
    link_.advance(now);
    target_.set_state(now, state);
    link_.chip().set_power(now, PowerSource::Target,
                           state == TargetState::Unplugged ? Power::Off : Power::On);
    rearm(now);
}

void SerialHalf::set_leds(std::uint8_t leds) {
    const TimePoint now = Clock::now();
    link_.advance(now);
    target_.set_leds(now, leds);
}

Result<std::string> SerialHalf::chip_command(std::span<const std::string> words) {
    return ch9329_chip_command(*this, words);
}

void SerialHalf::add_noise_to_chip(std::span<const std::uint8_t> bytes) {
    const TimePoint now = Clock::now();
    link_.add_noise_to_chip(now, bytes);
    rearm(now);
}

void SerialHalf::add_noise_to_bridge(std::span<const std::uint8_t> bytes) {
    const TimePoint now = Clock::now();
    link_.add_noise_to_bridge(now, bytes);
    rearm(now);
    if (progress_) {
        progress_();
    }
}

}  // namespace minikvm::sim
