// SPDX-License-Identifier: MIT
// InputHalf: what the control command reaches of the half that types, whichever chip that has.

#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "common/result.h"
#include "sim/serial/ch9329_options.h"
#include "sim/serial/target_recorder.h"

namespace minikvm::sim {

/// Implemented by SerialHalf (CH9329) and Ch32v208Half.
/// Thread:  the thread that made it.
class InputHalf {
public:
    InputHalf() = default;
    InputHalf(const InputHalf&) = delete;
    InputHalf& operator=(const InputHalf&) = delete;
    virtual ~InputHalf() = default;

    virtual const TargetRecorder& target() const = 0;
    virtual void set_target(TargetState state) = 0;
    virtual void set_leds(std::uint8_t leds) = 0;

    virtual void add_fault(const AnswerFault& fault) = 0;
    virtual void clear_faults() = 0;
    virtual void add_noise_to_chip(std::span<const std::uint8_t> bytes) = 0;
    virtual void add_noise_to_bridge(std::span<const std::uint8_t> bytes) = 0;

    /// The words of `ctl chip ...`. Errors: EINVAL for a wrong word; the context says what is
    /// right.
    virtual Result<std::string> chip_command(std::span<const std::string> words) = 0;
};

}  // namespace minikvm::sim
