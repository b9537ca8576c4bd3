// SPDX-License-Identifier: MIT
// RecoveryLadder: one rung after the other, each with time to help.

#include "device/recovery_ladder.h"

#include <algorithm>

namespace minikvm {

Rung RecoveryLadder::above(Rung rung) {
    switch (rung) {
        case Rung::None:
        case Rung::GiveUp:
            break;
        case Rung::ResetCommand:
            return Rung::Reopen;
        case Rung::Reopen:
            return Rung::UsbReset;
        case Rung::UsbReset:
            return Rung::GiveUp;
    }
    return Rung::ResetCommand;
}

std::chrono::seconds RecoveryLadder::patience() const {
    if (rung_ == Rung::None) {
        return std::chrono::seconds(0);
    }
    if (rung_ != Rung::GiveUp) {
        return kWakeTime;
    }
    std::chrono::minutes pause = kFirstPause;
    for (unsigned round = 1; round < rounds_ && pause < kLongestPause; ++round) {
        pause *= 2;
    }
    return std::min(pause, kLongestPause);
}

Rung RecoveryLadder::silent(TimePoint now) {
    if (now - taken_at_ < patience()) {
        return Rung::None;
    }
    rung_ = above(rung_);
    taken_at_ = now;
    if (rung_ == Rung::GiveUp) {
        ++rounds_;
    }
    return rung_;
}

void RecoveryLadder::port_changed(TimePoint now) {
    if (rung_ != Rung::UsbReset || now - taken_at_ > kResetTime) {
        *this = {};
    }
}

}  // namespace minikvm
