// SPDX-License-Identifier: MIT
// QuestionClock: when an input chip is to be asked how it is. No I/O, no clock.

#pragma once

#include <chrono>
#include <optional>

#include "common/event_loop.h"

namespace minikvm {

/// Shape:   every kPollInterval after the last answer; after a lock key at once, and once more when
///          the target has had kLedTime to switch its light. While keys come, up to kAhead earlier:
///          at the end of a report, when the next key is the farthest away, so that none waits.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.4.
class QuestionClock final {
public:
    // As the vendor's app polls; its macOS one asks 0.3 s after a lock key (docs/hardware.md 5.4).
    static constexpr std::chrono::milliseconds kPollInterval{3000};
    static constexpr std::chrono::milliseconds kLedTime{300};
    static constexpr std::chrono::milliseconds kAhead{1000};

    void answered(TimePoint now) {
        next_ = now + kPollInterval;
        if (led_ && *led_ > now) {
            next_ = *led_;
        } else {
            led_.reset();
        }
    }
    void lock_key_pressed(TimePoint now) {
        next_ = now;
        led_ = now + kLedTime;
    }

    TimePoint next() const { return next_; }

    /// Whether to ask now and not at next(), if a report has just been answered and none waits.
    bool suits(TimePoint now) const { return !led_ && next_ - now <= kAhead; }

private:
    TimePoint next_;
    std::optional<TimePoint> led_;
};

}  // namespace minikvm
