// SPDX-License-Identifier: MIT
// The serial half's part of `minikvm-sim ctl`: words in, one line out.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/result.h"
#include "sim/serial/serial_half.h"

namespace minikvm::sim {

/// What run_serial_command() understands, one command a line with its meaning, for --help.
std::string_view serial_commands_help();

/// Carries out one command: `target absent`, `leds caps`, `fault lost 3`, ...
/// The answer is "ok" when there is nothing to tell.
/// None: the first word is not one of ours.
/// Errors: EINVAL for a wrong word; the context says what would be right.
std::optional<Result<std::string>> run_serial_command(SerialHalf& half,
                                                      std::span<const std::string> words);

}  // namespace minikvm::sim
