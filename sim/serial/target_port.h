// SPDX-License-Identifier: MIT
// TargetPort: the target computer as the CH9329 knows it.

#pragma once

#include <cstdint>

#include "sim/serial/hid_reports.h"
#include "sim/serial/uart_line.h"

namespace minikvm::sim {

/// Implemented by the target recorder, and by the tests' own targets.
class TargetPort {
public:
    TargetPort() = default;
    TargetPort(const TargetPort&) = delete;
    TargetPort& operator=(const TargetPort&) = delete;
    virtual ~TargetPort() = default;

    /// Whether the target has enumerated the chip.
    virtual bool enumerated() const = 0;
    virtual std::uint8_t leds() const = 0;

    /// The chip's place on the target's bus is empty while it is reset, or without power.
    virtual void chip_left(TimePoint at) = 0;
    virtual void chip_came(TimePoint at) = 0;

    virtual void receive(TimePoint at, const HidReport& report) = 0;
};

}  // namespace minikvm::sim
