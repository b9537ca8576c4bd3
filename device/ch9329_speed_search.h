// SPDX-License-Identifier: MIT
// Ch9329SpeedSearch: at which speeds a CH9329 is looked for, and in which order. No I/O, no clock.

#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "common/event_loop.h"

namespace minikvm {

/// Shape:   look for the chip at speed_bd(); next() when it is not there. A search that begins with
///          begin() goes through the likely speeds only, again and again, until kWakeTime is over,
///          and then once through all.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 0.1, 5.1, 5.6, 5.7.
class Ch9329SpeedSearch final {
public:
    // A chip that the open reset is silent for 700 to 750 ms (docs/hardware.md 5.7).
    static constexpr std::chrono::milliseconds kWakeTime{1000};

    explicit Ch9329SpeedSearch(std::optional<int> last_speed_bd);

    void begin(TimePoint now);
    void begin_with_all();

    /// False: every speed was tried. It is then at the first one again.
    bool next(TimePoint now);

    int speed_bd() const { return speeds_bd_[index_]; }

    /// The speed becomes the first one of every search, which is to begin anew.
    void try_first(int speed_bd);

private:
    std::vector<int> speeds_bd_;  // in the order of trying
    std::size_t index_ = 0;
    std::optional<TimePoint> likely_until_;
};

}  // namespace minikvm
