// SPDX-License-Identifier: MIT
// What each CH9329 command does, apart from when.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/serial/ch9329_options.h"
#include "sim/serial/ch9329_packet.h"
#include "sim/serial/ch9329_settings.h"
#include "sim/serial/hid_reports.h"
#include "sim/serial/target_port.h"

namespace minikvm::sim {

/// What a command came to.
struct Outcome {
    Ch9329Status status = Ch9329Status::Done;
    std::vector<std::uint8_t> answer;  // empty: the status byte alone
    bool silent = false;
    bool resets = false;
};

/// Everything a command can see or change.
struct CommandContext {
    const Ch9329Options& options;
    const Ch9329Settings& active;  // since the last reset
    Ch9329Settings& stored;        // from the next one on
    TargetPort& target;
    TimePoint now;
};

/// Executes one packet. Source: hardware.md 5.3 to 5.5, 5.10.
Outcome execute(const Packet& packet, const CommandContext& context);

}  // namespace minikvm::sim
