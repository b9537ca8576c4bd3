// SPDX-License-Identifier: MIT
// SwitchSequenceTest: a port that is switched, under a clock that the test turns.

#pragma once

#include <optional>

#include <gtest/gtest.h>

#include "device/switch_sequence.h"

namespace minikvm {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

inline constexpr SwitchPosition kHost = SwitchPosition::Host;
inline constexpr SwitchPosition kTarget = SwitchPosition::Target;

class SwitchSequenceTest : public testing::Test {
protected:
    void select(SwitchPosition position) {
        sequence_.asked();
        const SwitchPosition before = cell_;
        cell_ = position;
        sequence_.switched(before, position, now_);
    }

    // Lets time pass, as the timer would see it.
    void pass(Clock::duration time) {
        const TimePoint until = now_ + time;
        while (sequence_.deadline() && *sequence_.deadline() <= until) {
            now_ = *sequence_.deadline();
            sequence_.expired(now_);
        }
        now_ = until;
    }

    // The device was on our side, and the port went to the target.
    void move_a_device_to_the_target() {
        sequence_.device_came();
        select(kTarget);
        sequence_.device_left();
        pass(10s);
    }

    Verified verified() const { return sequence_.verified(); }
    bool is_cut() const { return sequence_.power() == UsbPower::Off; }

    TimePoint now_ = TimePoint(100s);
    SwitchPosition cell_ = kHost;
    SwitchSequence sequence_;
};

}  // namespace minikvm
