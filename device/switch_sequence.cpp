// SPDX-License-Identifier: MIT

#include "device/switch_sequence.h"

namespace minikvm {

void SwitchSequence::asked() {
    ++asked_;
}

void SwitchSequence::switched(SwitchPosition before, SwitchPosition position, TimePoint now) {
    --asked_;
    const bool elsewhere = position == SwitchPosition::Target && on_our_side_;
    const bool going_there = state_ != State::Idle;
    if (before == position && verified_ != Verified::No && (going_there || !elsewhere)) {
        return;
    }
    position_ = position;
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
    if (state_ != State::Cut) {
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
    const bool should_be_ours = position_ == SwitchPosition::Host;
    return on_our_side_ == should_be_ours ? Verified::Yes : Verified::No;
}

}  // namespace minikvm
