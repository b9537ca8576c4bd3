// SPDX-License-Identifier: MIT
// Alarms: any number of timers on a clock that somebody else keeps.

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "common/event_loop.h"

namespace minikvm {

class Alarms;

/// A timer that rings once each time it is armed. Destroying it disarms it.
class Alarm final {
public:
    /// `alarms` must outlive it.
    Alarm(Alarms& alarms, std::function<void()> callback);
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    ~Alarm();

    void arm_at(TimePoint deadline);
    void arm_after(std::chrono::microseconds delay);
    void disarm();
    bool armed() const { return deadline_.has_value(); }

private:
    friend class Alarms;

    Alarms& alarms_;
    std::function<void()> callback_;
    std::optional<TimePoint> deadline_;
};

/// Shape:   whoever keeps the clock says what time it is, and calls ring() when it was told to. On
///          an event loop that is one timer for all; in a test it is the test.
/// Limits:  callbacks destroy no alarm.
/// Thread:  the thread that made it.
class Alarms final {
public:
    using Now = std::function<TimePoint()>;
    /// When ring() is to be called, each time that changes; nothing: not at all.
    using WakeAt = std::function<void(std::optional<TimePoint> deadline)>;

    Alarms(Now now, WakeAt wake_at) : now_(std::move(now)), wake_at_(std::move(wake_at)) {}

    TimePoint now() const { return now_(); }

    /// Rings those that are due, the earliest first, each once.
    void ring();

private:
    friend class Alarm;
    void tell();

    Now now_;
    WakeAt wake_at_;
    std::vector<Alarm*> alarms_;
    std::optional<TimePoint> told_;
};

}  // namespace minikvm
