// SPDX-License-Identifier: MIT
// DefPin: what holding the CH9329's DEF pin low does to it, over time.

#pragma once

#include <chrono>
#include <optional>

#include "sim/serial/uart_line.h"

namespace minikvm::sim {

// The datasheet's (hardware.md 5.7).
inline constexpr std::chrono::milliseconds kDefFactoryHold{3000};
inline constexpr std::chrono::milliseconds kDefFactoryDelay{200};

enum class DefLevel { Low, High };

/// Shape:   set() its level; take() what is due when next() says so.
/// Limits:  a low level resets once, however long it lasts. A new low level calls off a factory
///          reset that has not happened yet.
/// Thread:  the thread that made it.
class DefPin final {
public:
    enum class Effect { Reset, FactoryReset };

    /// `reset_time` is how long it has to be low to reset the chip.
    void set(TimePoint now, DefLevel level, std::chrono::milliseconds reset_time);
    std::optional<TimePoint> next() const;

    /// The effect that is due by `now`.
    std::optional<Effect> take(TimePoint now);

private:
    std::optional<TimePoint> resets_at_;
    std::optional<TimePoint> low_since_;
    std::optional<TimePoint> factory_at_;
};

}  // namespace minikvm::sim
