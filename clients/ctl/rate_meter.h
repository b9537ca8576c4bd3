// SPDX-License-Identifier: MIT
// RateMeter: how fast a counter counts, from values that come when they change.

#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace minikvm {

/// Shape:   count() each value when it arrives; per_second() at any time.
/// Limits:  over the last kWindow. A counter that was not heard of for kSilence stands still; one
///          that goes back has begun anew.
/// Thread:  any thread, one at a time.
class RateMeter final {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    // The daemon publishes counters once a second: three of them even out when they come.
    static constexpr std::chrono::seconds kWindow{3};
    static constexpr std::chrono::milliseconds kSilence{2500};

    void count(std::uint64_t value, TimePoint now);
    double per_second(TimePoint now) const;

private:
    struct Sample {
        TimePoint time;
        std::uint64_t value;
    };

    std::deque<Sample> samples_;  // the first is the newest that is older than the window
};

}  // namespace minikvm
