// SPDX-License-Identifier: MIT
// The target recorder's lines: one JSON object each, as docs/target-recorder.md describes them.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/serial/hid_reports.h"
#include "sim/serial/uart_line.h"

namespace minikvm::sim {

/// {"t":12.000000345,"report":"keyboard","hex":"0200040000000000","modifiers":2,"keys":[4]}
std::string report_line(TimePoint at, const HidReport& report);

/// {"t":12.000000345,"event":"absent"}
std::string event_line(TimePoint at, std::string_view event);

/// {"t":12.000000345,"event":"leds","leds":["caps"]}
std::string leds_line(TimePoint at, std::uint8_t leds);

/// Seconds of the monotonic clock with nine decimals.
std::string seconds_text(TimePoint at);

}  // namespace minikvm::sim
