// SPDX-License-Identifier: MIT
// The serial half's part of `minikvm-sim ctl`: words in, one line out.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/result.h"
#include "sim/serial/input_half.h"
#include "sim/serial/serial_half.h"

namespace minikvm::sim {

/// What run_serial_command() understands, one command a line with its meaning, for --help.
std::string_view serial_commands_help();

/// Carries out one command: `target absent`, `leds caps`, `fault lost 3`, ...
/// The answer is "ok" when there is nothing to tell.
/// None: the first word is not one of ours.
/// Errors: EINVAL for a wrong word; the context says what would be right.
std::optional<Result<std::string>> run_serial_command(InputHalf& half,
                                                      std::span<const std::string> words);

/// `chip ...` of a stick with a CH9329.
Result<std::string> ch9329_chip_command(SerialHalf& half, std::span<const std::string> words);

/// Helpers for the words of chips: a refusal that lists the right ones, and "on" or "off".
tl::unexpected<Error> wrong_word(std::string_view what, std::string_view right);
Result<bool> on_or_off(const std::string& word);

}  // namespace minikvm::sim
