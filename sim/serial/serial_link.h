// SPDX-License-Identifier: MIT
// SerialLink: the two wires between a serial bridge and the CH9329.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "sim/serial/ch9329_model.h"
#include "sim/serial/ch9329_options.h"
#include "sim/serial/target_port.h"
#include "sim/serial/uart_line.h"

namespace minikvm::sim {

inline constexpr unsigned kDefaultSpeedBd = 9600;
inline constexpr std::chrono::milliseconds kUsbFrame{1};

// What the bridge holds for the line. Not known of the CH340: one packet.
inline constexpr std::size_t kBridgeBufferBytes = 32;

/// Shape:   the bridge's side of the line, with the chip at its other end. advance() when
///          next_event() says so, then take_received().
/// Limits:  what arrives at a speed more than 2 % off the receiver's is not heard, either way.
///          The chip stays when the bridge is unplugged; what was on the wires is lost.
/// Thread:  the thread that made it.
class SerialLink final {
public:
    SerialLink(const Ch9329Options& options, TargetPort& target);

    Ch9329Model& chip() { return chip_; }
    const Ch9329Model& chip() const { return chip_; }

    unsigned speed_bd() const { return to_chip_.speed_bd(); }
    void set_speed(TimePoint now, unsigned speed_bd);

    void send(TimePoint now, std::span<const std::uint8_t> bytes);
    std::size_t pending_to_chip() const { return to_chip_.pending(); }

    /// The oldest bytes, at most `most`.
    std::vector<std::uint8_t> take_received(std::size_t most);
    std::size_t received() const { return received_.size(); }

    void plug(TimePoint now);
    void unplug(TimePoint now);

    /// Bytes that nobody sent, at once, as the receiver's own speed.
    void add_noise_to_chip(TimePoint now, std::span<const std::uint8_t> bytes);
    void add_noise_to_bridge(TimePoint now, std::span<const std::uint8_t> bytes);

    void advance(TimePoint now);
    std::optional<TimePoint> next_event() const;

    /// When somebody outside should look again. Later than next_event() while bytes move, so as not
    /// to wake for each: when the chip has heard all, or the bridge's buffer has room; when the
    /// bridge has heard all, or a USB frame is over.
    std::optional<TimePoint> next_wakeup(TimePoint now) const;

private:
    void step(TimePoint at);

    Ch9329Model chip_;
    UartLine to_chip_;
    std::deque<std::uint8_t> received_;
};

}  // namespace minikvm::sim
