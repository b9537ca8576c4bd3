// SPDX-License-Identifier: MIT
// What is compared: ways to get events of two nodes through one serial port.

#pragma once

#include <linux/input.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/serial_port.h"

namespace minikvm {

/// Where events come from, as an evdev node gives them: whole input_event structures.
struct EventPipes {
    int keyboard = -1;
    int mouse = -1;
};

/// Reads what is there and hands over each event. Pipes do not block.
inline void read_events(int pipe, const std::function<void(const input_event&)>& take) {
    std::array<input_event, 64> events{};
    for (;;) {
        const ssize_t count = ::read(pipe, events.data(), sizeof(events));
        if (count <= 0) {
            return;
        }
        const auto whole = static_cast<std::size_t>(count) / sizeof(input_event);
        for (const input_event& event : std::span(events).first(whole)) {
            take(event);
        }
    }
}

class Sender {
public:
    Sender() = default;
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;
    virtual ~Sender() = default;

    /// Whether it has found the chip, and has nothing to say.
    virtual bool idle() const = 0;
};

/// What a peer does between two frames.
enum class Patience {
    None,     // a frame is written when its event comes
    Answer,   // a frame is written when the one before it was acknowledged, as kvmd does
    FixedGap  // ... when a fixed time has gone by since, as openterface-rs does
};

/// That of openterface-rs (its docs/reference/env-vars.md).
inline constexpr std::chrono::milliseconds kFixedGap{4};

/// Plain first in, first out: every event's report is a frame of its own in one endless queue.
/// `loop` and `port` must outlive the sender.
Result<std::unique_ptr<Sender>> make_queue_sender(EventLoop& loop, SerialPort& port,
                                                  const EventPipes& pipes, Patience patience);

/// Ours, from the translator of events to the port. With a path, its input socket too.
Result<std::unique_ptr<Sender>> make_scheduled_sender(EventLoop& loop, SerialPort& port,
                                                      const EventPipes& pipes,
                                                      const std::string& socket);

}  // namespace minikvm
