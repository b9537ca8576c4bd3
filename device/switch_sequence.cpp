// SPDX-License-Identifier: MIT

#include "device/switch_sequence.h"

namespace minikvm {

void SwitchSequence::asked() {
    ++asked_;
}

void SwitchSequence::switched(SwitchPosition before, SwitchPosition position, TimePoint now) {
    --asked_;
    if (state_ == State::Off) {
        position_ = position;
        verified_ = Verified::Unknown;
        deadline_.reset();
        return;
    }
    const bool elsewhere = position == SwitchPosition::Target && on_our_side_;
    const bool going_there = state_ != State::Idle;
    if (before == position && verified_ != Verified::No && (going_there || !elsewhere)) {
        if (!going_there && position == SwitchPosition::Host && on_our_side_) {
            verified_ = Verified::Yes;  // there it is
        }
        return;
    }
    position_ = position;
    must_leave_ = false;
    begin_pulse(now);
}

void SwitchSequence::standing(SwitchPosition position) {
    if (state_ == State::Idle && asked_ == 0) {
        position_ = position;
    }
}

void SwitchSequence::power_off(TimePoint now) {
    state_ = State::Off;
    if (on_our_side_) {
        verified_ = Verified::Pending;
        deadline_ = now + kLeaves;
    } else {
        verified_ = Verified::Unknown;
        deadline_.reset();
    }
}

void SwitchSequence::power_on(TimePoint now) {
    if (state_ == State::Off) {
        must_leave_ = false;
        verified_ = Verified::Pending;
        last_pulse_end_ = now;
        watch(now);
    }
}

void SwitchSequence::cycle(TimePoint now) {
    if (state_ == State::Off) {
        power_on(now);
        return;
    }
    const bool moving = state_ != State::Idle;
    must_leave_ = !moving && on_our_side_;
    begin_pulse(now);
    if (!moving && position_ == SwitchPosition::Target) {
        verified_ = Verified::Unknown;  // what happens on the target's bus cannot be seen from here
    }
}

void SwitchSequence::begin_pulse(TimePoint now) {
    verified_ = Verified::Pending;
    const bool too_soon =
        state_ != State::Cut && last_pulse_end_ && now < *last_pulse_end_ + kPulseSpacing;
    if (too_soon) {
        state_ = State::Waiting;
        deadline_ = *last_pulse_end_ + kPulseSpacing;
    } else {
        cut(now);
    }
}

void SwitchSequence::refused() {
    --asked_;
    verified_ = Verified::No;
    if (state_ != State::Cut && state_ != State::Off) {
        finish(Verified::No);
    }
}

void SwitchSequence::not_written() {
    --asked_;
}

void SwitchSequence::no_pulse(TimePoint now) {
    if (state_ == State::Cut) {
        watch(now);
    }
}

void SwitchSequence::device_came() {
    on_our_side_ = true;
    plugged_ = true;
    if (state_ == State::Watching) {
        finish(judge());
    }
}

void SwitchSequence::device_left() {
    on_our_side_ = false;
    must_leave_ = false;
    if (state_ == State::Off && verified_ == Verified::Pending) {
        verified_ = Verified::Yes;
        deadline_.reset();
    }
    if (state_ == State::Idle && asked_ == 0) {
        plugged_ = false;  // pulled by somebody's hand
    }
}

void SwitchSequence::expired(TimePoint now) {
    switch (state_) {
        case State::Waiting:
            cut(now);
            break;
        case State::Cut:
            last_pulse_end_ = now;
            watch(now);
            break;
        case State::Watching:
            finish(judge());
            break;
        case State::Off:
            verified_ = Verified::No;  // no power, and still there
            deadline_.reset();
            break;
        case State::Idle:
            break;
    }
}

void SwitchSequence::reset() {
    const int asked = asked_;
    *this = SwitchSequence();
    asked_ = asked;
}

void SwitchSequence::cut(TimePoint now) {
    state_ = State::Cut;
    deadline_ = now + kPowerPulse;
}

void SwitchSequence::watch(TimePoint now) {
    if (verified_ != Verified::Pending) {
        finish(verified_);
        return;
    }
    state_ = State::Watching;
    if (position_ == SwitchPosition::Target) {
        deadline_ = now + kStaysAway;
    } else {
        deadline_ = now + kComesBack;
    }
}

void SwitchSequence::finish(Verified verified) {
    state_ = State::Idle;
    verified_ = verified;
    deadline_.reset();
    if (position_ == SwitchPosition::Host && !on_our_side_) {
        plugged_ = false;  // looked for, and not found
    }
}

Verified SwitchSequence::judge() const {
    if (!plugged_) {
        return Verified::Unknown;
    }
    if (must_leave_) {
        return Verified::No;
    }
    const bool should_be_ours = position_ == SwitchPosition::Host;
    return on_our_side_ == should_be_ours ? Verified::Yes : Verified::No;
}

}  // namespace minikvm
