// SPDX-License-Identifier: MIT
// Ch9329SpeedPlan: up once, and down again where the line is not up to it.

#include "device/ch9329_speed_plan.h"

#include <utility>

namespace minikvm {

std::optional<int> Ch9329SpeedPlan::wanted(int speed_bd) const {
    if (speed_bd == kFactorySpeed && may_raise_) {
        return kRaisedSpeed;
    }
    if (speed_bd == kRaisedSpeed && mishaps_ >= kMostMishaps) {
        return kFactorySpeed;
    }
    return std::nullopt;
}

void Ch9329SpeedPlan::mishap(TimePoint now) {
    if (trial_ends_ && now < *trial_ends_) {
        ++mishaps_;
    }
}

SpeedChange Ch9329SpeedPlan::found(TimePoint now, int speed_bd) {
    const std::optional<int> attempted_bd = std::exchange(attempted_bd_, std::nullopt);
    if (!attempted_bd) {
        return SpeedChange::None;
    }
    if (speed_bd != *attempted_bd) {
        return not_moved(*attempted_bd);
    }
    mishaps_ = 0;
    if (speed_bd == kRaisedSpeed) {
        trial_ends_ = now + kTrialTime;
        return SpeedChange::Raised;
    }
    may_raise_ = false;
    trial_ends_.reset();
    return SpeedChange::Lowered;
}

SpeedChange Ch9329SpeedPlan::failed(int wanted_bd) {
    attempted_bd_.reset();
    return not_moved(wanted_bd);
}

SpeedChange Ch9329SpeedPlan::not_moved(int wanted_bd) {
    if (wanted_bd == kRaisedSpeed) {
        may_raise_ = false;
        return SpeedChange::NotRaised;
    }
    mishaps_ = 0;
    ++returns_;
    if (returns_ < kMaxReturns) {
        return SpeedChange::None;
    }
    trial_ends_.reset();
    return SpeedChange::NotLowered;
}

}  // namespace minikvm
