// SPDX-License-Identifier: MIT
// DefPin: what holding the CH9329's DEF pin low does to it, over time.

#include "sim/serial/def_pin.h"

namespace minikvm::sim {

void DefPin::set(TimePoint now, DefLevel level, std::chrono::milliseconds reset_time) {
    if (low_since_.has_value() == (level == DefLevel::Low)) {
        return;
    }
    if (level == DefLevel::Low) {
        low_since_ = now;
        resets_at_ = now + reset_time;
        factory_at_.reset();
        return;
    }
    if (now - *low_since_ >= kDefFactoryHold) {
        factory_at_ = now + kDefFactoryDelay;
    }
    low_since_.reset();
    resets_at_.reset();
}

std::optional<TimePoint> DefPin::next() const {
    std::optional<TimePoint> earliest = resets_at_;
    make_earlier(earliest, factory_at_);
    return earliest;
}

std::optional<DefPin::Effect> DefPin::take(TimePoint now) {
    if (resets_at_ && *resets_at_ <= now) {
        resets_at_.reset();
        return Effect::Reset;
    }
    if (factory_at_ && *factory_at_ <= now) {
        factory_at_.reset();
        return Effect::FactoryReset;
    }
    return std::nullopt;
}

}  // namespace minikvm::sim
