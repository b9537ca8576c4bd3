// SPDX-License-Identifier: MIT
// Jiggler: when to move the target's pointer a little, so that it does not take its user for gone.

#pragma once

#include <chrono>
#include <optional>

#include "common/event_loop.h"
#include "uinput-bridge/report_scheduler.h"

namespace minikvm {

/// Shape:   look() every kLook while wanted(), with what the scheduler was told so far. It answers
///          how far to move, right after which the caller says it to the scheduler, or nothing.
///          Whatever else is said to the scheduler is real input, and idleness starts anew.
/// Units:   counts of the relative pointer: one to the right, and the next time one back.
/// Limits:  idleness is seen up to kLook late. With a key or button held nobody is idle.
/// Thread:  the thread that made it.
class Jiggler final {
public:
    static constexpr std::chrono::seconds kLook{1};

    enum class Held { Nothing, Something };

    /// After so much idleness, and again after as much; none: never.
    void configure(std::optional<std::chrono::seconds> idleness) { idleness_ = idleness; }
    const std::optional<std::chrono::seconds>& idleness() const { return idleness_; }
    bool wanted() const { return idleness_.has_value(); }

    std::optional<int> look(TimePoint now, const InputProgress& said, Held held) {
        if (!idle_since_ || said != seen_ || held == Held::Something) {
            idle_since_ = now;
            seen_ = said;
            return std::nullopt;
        }
        if (!idleness_ || now - *idle_since_ < *idleness_) {
            return std::nullopt;
        }
        idle_since_ = now;
        ++seen_.moves;  // the one that is told the scheduler now
        step_ = -step_;
        return step_;
    }

private:
    std::optional<std::chrono::seconds> idleness_;
    std::optional<TimePoint> idle_since_;
    InputProgress seen_;
    int step_ = -1;
};

}  // namespace minikvm
