// SPDX-License-Identifier: MIT
// SerialLink: the two wires between a serial bridge and the CH9329.

#include "sim/serial/serial_link.h"

#include <algorithm>

namespace minikvm::sim {

SerialLink::SerialLink(const Ch9329Options& options, TargetPort& target)
    : chip_(options, target), to_chip_(kDefaultSpeedBd) {
}

void SerialLink::set_speed(TimePoint now, unsigned speed_bd) {
    advance(now);
    to_chip_.set_speed(speed_bd);
}

void SerialLink::send(TimePoint now, std::span<const std::uint8_t> bytes) {
    advance(now);
    to_chip_.send(now, bytes);
}

std::vector<std::uint8_t> SerialLink::take_received(std::size_t most) {
    const auto end =
        received_.begin() + static_cast<std::ptrdiff_t>(std::min(most, received_.size()));
    std::vector<std::uint8_t> taken(received_.begin(), end);
    received_.erase(received_.begin(), end);
    return taken;
}

void SerialLink::plug(TimePoint now) {
    advance(now);
    chip_.set_power(now, PowerSource::Host, Power::On);
}

void SerialLink::unplug(TimePoint now) {
    advance(now);
    to_chip_.cut(now);
    received_.clear();
    chip_.set_def(now, DefLevel::High);
    chip_.set_power(now, PowerSource::Host, Power::Off);
}

void SerialLink::add_noise_to_chip(TimePoint now, std::span<const std::uint8_t> bytes) {
    advance(now);
    for (const std::uint8_t byte : bytes) {
        chip_.receive({now, byte, chip_.active().speed_bd()});
    }
}

void SerialLink::add_noise_to_bridge(TimePoint now, std::span<const std::uint8_t> bytes) {
    advance(now);
    received_.insert(received_.end(), bytes.begin(), bytes.end());
}

std::optional<TimePoint> SerialLink::next_event() const {
    std::optional<TimePoint> next = chip_.next_event();
    make_earlier(next, to_chip_.next_byte_ends());
    return next;
}

std::optional<TimePoint> SerialLink::next_wakeup(TimePoint now) const {
    std::optional<TimePoint> next = chip_.next_internal_event();
    if (to_chip_.pending() > kBridgeBufferBytes) {
        make_earlier(next,
                     to_chip_.idle_at(now) - int{kBridgeBufferBytes} * line_time(1, speed_bd()));
    } else if (to_chip_.pending() > 0) {
        make_earlier(next, to_chip_.idle_at(now));
    }
    if (chip_.sent().pending() > 0) {
        make_earlier(next, std::min(chip_.sent().idle_at(now), now + kUsbFrame));
    }
    return next;
}

void SerialLink::advance(TimePoint now) {
    for (auto next = next_event(); next && *next <= now; next = next_event()) {
        step(*next);
    }
    chip_.advance(now);
}

/// One moment: what has ended on either wire by then goes to its receiver.
void SerialLink::step(TimePoint at) {
    chip_.advance(at);
    while (const std::optional<LineByte> byte = chip_.take_sent(at)) {
        if (speeds_agree(to_chip_.speed_bd(), byte->speed_bd)) {
            received_.push_back(byte->value);
        }
    }
    while (const std::optional<LineByte> byte = to_chip_.take(at)) {
        chip_.receive(*byte);
    }
}

}  // namespace minikvm::sim
