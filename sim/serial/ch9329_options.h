// SPDX-License-Identifier: MIT
// What a test chooses about a CH9329: how it left the factory, what nobody knows of it, its faults.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace minikvm::sim {

/// The answer's status byte (hardware.md 5.2).
enum class Ch9329Status : std::uint8_t {
    Done = 0x00,
    ByteTimeout = 0xE1,
    BadHeader = 0xE2,
    UnknownCommand = 0xE3,
    BadChecksum = 0xE4,
    BadParameter = 0xE5,
    NotExecuted = 0xE6,
};

enum class InitialConfiguration {
    VendorApp,  // 115200 Bd, mode 82, the real block of hardware.md 5.5
    Factory,    // 9600 Bd
};

/// What a chip says to a report when no target is there: hardware.md 5.10 does not know.
enum class AbsentTargetAnswer { Done, NotExecuted, Silence };

/// What a mute input half is woken by: hardware.md 5.11 knows chips that fall silent until
/// they are reset, not why.
enum class Wedge {
    None,
    UntilReset,     // the chip hears every command and obeys RESET alone, without an answer
    UntilUsbReset,  // the bridge passes no bytes on, in either direction
};

/// A fault of the next commands; the model counts `remaining` down.
struct AnswerFault {
    enum class Kind {
        Lost,     // executed, not answered
        Refused,  // not executed, answered with `status`
        Late,     // executed, answered `delay` later; the chip is busy until then
        Doubled,  // executed, answered twice
    };

    Kind kind = Kind::Lost;
    unsigned remaining = 1;
    std::optional<std::uint8_t> command;  // none: every command
    Ch9329Status status = Ch9329Status::NotExecuted;
    std::chrono::milliseconds delay{0};
};

// Measured on a Mini-KVM 1.9: 20 ms does nothing, 50 ms resets (hardware.md 5.7).
inline constexpr std::chrono::milliseconds kDefResetTime{50};

struct Ch9329Options {
    InitialConfiguration initial = InitialConfiguration::VendorApp;
    std::uint8_t version = 0x38;  // on real Mini-KVM 1.9 units (hardware.md 5.4)

    /// From the last bit of a command to the first bit of its answer. Nobody has measured it
    /// (hardware.md 10, question 8): a guess, short beside an answer's 0.6 ms.
    std::chrono::nanoseconds command_time = std::chrono::microseconds(200);

    /// Complete commands that may wait while one is executed or answered; a further one is lost.
    /// A guess: a flood is known to lose packets (hardware.md 5.9).
    std::size_t waiting_commands = 1;

    /// How long DEF has to be low to reset the chip. A host so slow that an open and the next
    /// ioctl take longer (an emulated one under load) may want a chip that is as much slower.
    std::chrono::milliseconds def_reset_time = kDefResetTime;

    // Each of these is uncertain, so each is a switch.
    AbsentTargetAnswer absent_target = AbsentTargetAnswer::Done;
    bool set_accepts_pin_serial_mode = true;  // SET_PARA byte 1 = 80..82 (5.6, QT #642)
    bool answers_incomplete = true;           // E1 after a gap, or silence (5.1)
    bool answers_bad_header = false;          // E2, or silence (5.2)
    bool def_restores_factory = false;        // DEF low for 3 s, then high (5.7)
};

}  // namespace minikvm::sim
