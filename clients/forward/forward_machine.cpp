// SPDX-License-Identifier: MIT
// ForwardMachine: keys, chords and what follows from them.

#include "clients/forward/forward_machine.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace minikvm {

std::string_view given_back_name(GivenBack reason) {
    switch (reason) {
        case GivenBack::Never:
            return "never";
        case GivenBack::Hotkey:
            return "hotkey";
        case GivenBack::Panic:
            return "panic";
        case GivenBack::Trial:
            return "trial";
        case GivenBack::Client:
            return "client";
        case GivenBack::StickGone:
            return "stick-gone";
        case GivenBack::Silent:
            return "silent";
        case GivenBack::NoDevice:
            return "no-device";
        case GivenBack::Stopping:
            return "stopping";
    }
    assert(false);
    return {};
}

std::string_view forward_state_name(ForwardState state) {
    switch (state) {
        case ForwardState::Host:
            return "host";
        case ForwardState::Joining:
            return "joining";
        case ForwardState::Grabbed:
            return "grabbed";
        case ForwardState::Leaving:
            return "leaving";
    }
    assert(false);
    return {};
}

bool ForwardMachine::key(DeviceId device, std::uint16_t code, bool down) {
    const bool news = down ? held_.press(device, code) : held_.release(device, code);
    if (!news) {
        return false;
    }
    if (down && held_.include(chords_.panic)) {
        panic_ = true;
        return false;
    }
    if (down && held_.are(chords_.hotkey)) {
        wish_ = Wish::Next;
        return forwards() && chords_.propagate_hotkey;
    }
    for (const auto& [stick, chord] : chords_.sticks) {
        if (down && held_.are(chord)) {
            wish_ = Wish::Stick;
            wished_stick_ = stick;
            return forwards() && chords_.propagate_hotkey;
        }
    }
    return forwards();
}

void ForwardMachine::settle(TimePoint now) {
    if (std::exchange(panic_, false)) {
        wish_ = Wish::None;
        come_back(GivenBack::Panic);
    }
    obey_chord();
    grab_if_all_is_well(now);
    if (state_ == ForwardState::Leaving && held_.none()) {
        come_back(leaving_for_);
    }
}

void ForwardMachine::obey_chord() {
    switch (std::exchange(wish_, Wish::None)) {
        case Wish::None:
            return;
        case Wish::Next:
            wished_stick_ = next_stick();
            break;
        case Wish::Stick:
            if (wished_stick_ == stick_) {
                wished_stick_.clear();
            }
            break;
    }
    trial_.reset();
    trial_end_.reset();
    if (!wished_stick_.empty()) {
        join(wished_stick_);
    } else if (state_ != ForwardState::Host) {
        leave(GivenBack::Hotkey);
    }
}

// The one after the present one; the first when there is none, empty after the last.
std::string ForwardMachine::next_stick() {
    const std::vector<std::string> sticks = actions_.sticks();
    auto next = sticks.begin();
    if (!stick_.empty()) {
        const auto present = std::ranges::find(sticks, stick_);
        next = present == sticks.end() ? present : std::next(present);
    }
    return next == sticks.end() ? std::string() : *next;
}

void ForwardMachine::join(const std::string& stick) {
    state_ = ForwardState::Joining;
    stick_ = stick;
    connected_ = false;
    actions_.connect(stick);
}

void ForwardMachine::leave(GivenBack reason) {
    if (!holds_) {
        come_back(reason);
        return;
    }
    actions_.disconnect();
    connected_ = false;
    stick_.clear();
    leaving_for_ = reason;
    state_ = ForwardState::Leaving;
}

void ForwardMachine::come_back(GivenBack reason) {
    if (state_ == ForwardState::Host) {
        return;
    }
    if (state_ != ForwardState::Leaving) {
        actions_.disconnect();
    }
    if (std::exchange(holds_, false)) {
        actions_.give_back();
    }
    state_ = ForwardState::Host;
    stick_.clear();
    connected_ = false;
    trial_.reset();
    trial_end_.reset();
    given_back_ = reason;
}

void ForwardMachine::grab_if_all_is_well(TimePoint now) {
    if (state_ != ForwardState::Joining || !connected_ || !held_.none()) {
        return;
    }
    if (!holds_ && !actions_.grab()) {
        return;
    }
    holds_ = true;
    state_ = ForwardState::Grabbed;
    if (trial_) {
        trial_end_ = now + *trial_;
    }
}

void ForwardMachine::device_gone(DeviceId device, TimePoint now) {
    held_.forget(device);
    settle(now);
}

void ForwardMachine::devices_gone() {
    if (holds_) {
        come_back(GivenBack::NoDevice);
    }
}

void ForwardMachine::go_to(const std::string& stick, std::optional<std::chrono::seconds> trial,
                           TimePoint now) {
    trial_ = trial;
    trial_end_.reset();
    if (state_ == ForwardState::Grabbed && stick == stick_) {
        if (trial_) {
            trial_end_ = now + *trial_;
        }
        return;
    }
    join(stick);
}

void ForwardMachine::go_to_next(std::optional<std::chrono::seconds> trial, TimePoint now) {
    const std::string stick = next_stick();
    if (stick.empty()) {
        come_back(GivenBack::Client);
    } else {
        go_to(stick, trial, now);
    }
}

void ForwardMachine::connected(TimePoint now) {
    connected_ = true;
    grab_if_all_is_well(now);
}

void ForwardMachine::lost(GivenBack reason) {
    if (state_ == ForwardState::Joining || state_ == ForwardState::Grabbed) {
        come_back(reason);
    }
}

void ForwardMachine::tick(TimePoint now) {
    if (trial_end_ && now >= *trial_end_) {
        come_back(GivenBack::Trial);
    }
}

}  // namespace minikvm
