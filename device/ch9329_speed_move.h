// SPDX-License-Identifier: MIT
// Ch9329SpeedMove: what to say to a CH9329 so that it talks at another speed from now on.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "protocol/ch9329_commands.h"
#include "protocol/ch9329_parameters.h"

namespace minikvm {

/// Shape:   send command() and hand its answer to take(), or its absence to time_out(), as long as
///          they say SendNext.
///
///              Reading --block--> Writing --done--> Verifying --as written--> Resetting --> Done
///                                 |  ^
///                                 |  +-- once with serial mode 00 instead of 80..82
///                                 +--- refused ---+
///              any but Resetting --refused, bad, or silent kMaxTries times--> Failed
///
///          What was damaged on its way is sent again, as what was not answered.
///
///          Only the speed is changed, and byte 1 where the chip refuses the one that it has; the
///          working mode stays, now by software where the pins said it, since nothing else can be
///          written. The chip takes the speed at its reset: it is to be looked for there
///          afterwards.
/// Limits:  a reset that is not answered may have happened all the same, so it counts as done.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.5, 5.6.
class Ch9329SpeedMove final {
public:
    static constexpr int kMaxTries = 5;

    enum class Verdict : std::uint8_t { Ignore, SendNext, Done, Failed };

    explicit Ch9329SpeedMove(int speed_bd) : speed_bd_(speed_bd) {}

    int speed_bd() const { return speed_bd_; }

    ch9329::Frame command() const;
    std::size_t answer_bytes() const;

    Verdict take(const ch9329::Frame& answer);
    Verdict time_out();

private:
    enum class Step : std::uint8_t { Reading, Writing, Verifying, Resetting };

    ch9329::Command expected() const;
    Verdict go_to(Step step);
    Verdict take_block(const ch9329::Frame& answer);
    Verdict take_refusal();
    Verdict send_again();

    int speed_bd_;
    Step step_ = Step::Reading;
    int tries_ = 1;
    std::optional<ch9329::Parameters> wanted_;
};

}  // namespace minikvm
