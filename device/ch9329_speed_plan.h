// SPDX-License-Identifier: MIT
// Ch9329SpeedPlan: whether a CH9329's speed is to be changed, and back. No I/O, no clock.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "common/event_loop.h"

namespace minikvm {

/// What has become of a change of speed.
enum class SpeedChange : std::uint8_t {
    None,
    Raised,
    NotRaised,   // it keeps the speed it had, and is left there
    Lowered,     // the line was bad at the raised speed
    NotLowered,  // it was, and the chip stays there
};

/// Shape:   wanted() is the speed that the chip is to be moved to now. The caller does that and
///          says how it went: attempted(), then found() with the speed at which it next answers, or
///          failed(). mishap() for each command that was damaged or whose answer did not come.
///
///              at kFactorySpeed --wanted, found there--> On trial --kTrialTime--> Raised
///                 |  ^ not found there, or failed: never wanted again
///                 |  +--wanted, found there: never wanted again-- kMostMishaps <-- On trial
///
///          One that cannot be moved back is tried kMaxReturns times, each after as many mishaps.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.1, 5.6; a good line loses nothing.
class Ch9329SpeedPlan final {
public:
    static constexpr int kFactorySpeed = 9600;  // Bd (docs/hardware.md 5.1)
    static constexpr int kRaisedSpeed = 115200;

    static constexpr std::chrono::minutes kTrialTime{1};
    // A chip that is reset meanwhile costs two or three.
    static constexpr int kMostMishaps = 6;
    static constexpr int kMaxReturns = 3;

    explicit Ch9329SpeedPlan(bool raise) : may_raise_(raise) {}

    std::optional<int> wanted(int speed_bd) const;

    void mishap(TimePoint now);

    /// The chip was told to change to this speed, and is to be looked for.
    void attempted(int wanted_bd) { attempted_bd_ = wanted_bd; }
    SpeedChange found(TimePoint now, int speed_bd);
    /// It could not be told to change to this speed.
    SpeedChange failed(int wanted_bd);

private:
    SpeedChange not_moved(int wanted_bd);

    bool may_raise_;
    std::optional<int> attempted_bd_;
    std::optional<TimePoint> trial_ends_;
    int mishaps_ = 0;  // of the trial
    int returns_ = 0;  // that came to nothing
};

}  // namespace minikvm
