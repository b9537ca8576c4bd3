// SPDX-License-Identifier: MIT
// Sending many packets to a target: at a pace, clocked by acknowledgements, stopped by Ctrl-C.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "clients/ctl/exit_status.h"
#include "clients/input/input_client.h"
#include "clients/input/interruption.h"
#include "common/result.h"

namespace minikvm {

/// What happens at once at the target, such as all strokes of one character.
using InputStep = std::vector<InputEvent>;

struct TypingOptions {
    std::chrono::microseconds interval{0};          // between steps; 0: as fast as they are taken
    std::function<void(std::size_t done)> on_step;  // after each; may be empty
};

struct TypingOutcome {
    std::size_t done = 0;  // steps that the chip has, or may have
    bool interrupted = false;
    std::size_t unconfirmed = 0;       // steps that may be lost or doubled
    std::size_t last_unconfirmed = 0;  // the newest of them, from 1; 0 for none
};

/// Sends all steps; returns when the chip has the last, or after an interruption when it has what
/// was on its way. No step leaves a key down, so nothing stays pressed however this ends.
/// Errors:  as InputClient; ControlError::NoDevice when the target goes away, with how far it got.
/// Thread:  main.
Result<TypingOutcome> type_steps(InputClient& client, const Interruption& interruption,
                                 const std::vector<InputStep>& steps, const TypingOptions& options);

/// Waits until the target's Caps Lock light is as wanted, after having pressed the key if need be.
/// Errors:  ControlError::Failed when it stays as it is.
Result<void> set_caps_lock(InputClient& client, const Interruption& interruption, bool wanted);

/// Says on standard error what an outcome was, when it was not all; `unit` is what a step is.
ExitStatus tell_outcome(const TypingOutcome& outcome, std::size_t steps, const std::string& unit);

/// A connection to the input socket of the one stick that a command is for.
/// Errors:  as find_one_stick and InputClient; ControlError::NoDevice when no target is there.
Result<InputClient> connect_input(const std::string& directory, const std::string& stick,
                                  InputPointer pointer);

/// All strokes of a chord: down in this order, up in the opposite one.
void add_chord(InputStep& step, const std::vector<std::uint16_t>& codes);

}  // namespace minikvm
