// SPDX-License-Identifier: MIT
// LatencyProbe: how long events take from being read to being acknowledged. No I/O, no clock.

#pragma once

#include <optional>

#include "common/event_loop.h"
#include "common/latency_window.h"
#include "uinput-bridge/report_scheduler.h"

namespace minikvm {

/// Shape:   look() whenever events were read, on_settled() after each step of the scheduler's. One
///          read is timed at a time, to its last event; what is read meanwhile is not, so that
///          thousands that wait cost nothing. What was not acknowledged does not count.
/// Thread:  the thread that made it. Nothing is allocated.
class LatencyProbe final {
public:
    /// `said` and `settled` are the scheduler's.
    void look(const InputProgress& said, const InputProgress& settled, TimePoint now);
    void on_settled(const Settlement& settlement, TimePoint now);

    std::optional<Percentiles> percentiles() const { return window_.percentiles(); }

private:
    struct Mark {
        InputProgress said;
        TimePoint read;
    };

    InputProgress seen_;
    std::optional<Mark> mark_;  // what is being timed
    LatencyWindow window_;
};

}  // namespace minikvm
