// SPDX-License-Identifier: MIT
// What `minikvm-sim ctl` can ask of a running stick: words in, lines out.

#pragma once

#include <span>
#include <string>

#include "common/result.h"
#include "sim/stick/virtual_stick.h"

namespace minikvm::sim {

/// All commands with their meanings, the serial half's too.
std::string stick_commands_help();

/// Carries out one command. The text has whole lines, or is empty.
/// Errors: EINVAL for a word that is wrong; the context says what would be right.
Result<std::string> run_stick_command(VirtualStick& stick, std::span<const std::string> words);

/// A run's nonce: up to eight hexadecimal digits.
Result<std::uint32_t> parse_nonce(const std::string& text);

}  // namespace minikvm::sim
