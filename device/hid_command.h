// SPDX-License-Identifier: MIT
// HidCommand: a HID report as the command that carries it to the input chip.

#pragma once

#include <cstdint>
#include <span>

#include "device/hid_sink.h"
#include "protocol/ch9329_commands.h"
#include "protocol/ch9329_frame.h"

namespace minikvm {

/// How often a command that may be repeated is sent before it is given up.
inline constexpr int kMaxCommandTries = 3;

/// State is repeated after a lost acknowledgement, media keys once; motion and the wheel never,
/// since nobody knows whether they were done. Source: decision 6 of docs/architecture.md.
struct HidCommand {
    ch9329::Frame frame;
    ch9329::Command command = ch9329::Command::Keyboard;
    int max_tries = 1;

    /// It then is counted as unconfirmed.
    bool is_event() const { return max_tries < kMaxCommandTries; }
};

/// The same for the CH9329 and the CH32V208. Thread: any thread.
HidCommand hid_command(const HidReport& report);

/// Whether one of the three keys that switch the target's lights goes down.
bool presses_lock_key(const hid::KeyboardReport& before, const hid::KeyboardReport& now);

/// Whether an answer says that the command was damaged on its way, so that it was not carried out.
bool says_damaged(const ch9329::Frame& answer);

/// What an input chip has done, since it was created.
struct ChipCounters {
    std::uint64_t reports = 0;      // HID reports acknowledged
    std::uint64_t retries = 0;      // commands sent again
    std::uint64_t errors = 0;       // commands given up, or refused by the chip
    std::uint64_t resyncs = 0;      // times that what was on the line was dropped
    std::uint64_t unconfirmed = 0;  // events whose acknowledgement was lost
};

/// The line to a chip: a serial port, or a test's model of one.
class ChipWire {
public:
    ChipWire(const ChipWire&) = delete;
    ChipWire& operator=(const ChipWire&) = delete;
    virtual ~ChipWire() = default;

    virtual void write(std::span<const std::uint8_t> frame) = 0;

protected:
    ChipWire() = default;
};

}  // namespace minikvm
