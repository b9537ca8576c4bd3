// SPDX-License-Identifier: MIT
// The table of card_choice.h.

#include "v4l2-bridge/card_choice.h"

namespace minikvm {

void CardChoice::wait_anew(TimePoint now) {
    waits_since_ = now;
    stream_was_on_ = false;
    last_picture_.reset();
}

void CardChoice::stream_on(TimePoint now) {
    // A stream that is started again and again, in vain, does not begin anew each time.
    if (!stream_was_on_) {
        stream_was_on_ = true;
        waits_since_ = now;
    }
}

void CardChoice::viewers(bool any, TimePoint now) {
    if (any && !watched_) {
        wait_anew(now);
    }
    watched_ = any;
}

void CardChoice::stick(bool plugged, TimePoint now) {
    if (plugged && !plugged_) {
        wait_anew(now);
    }
    plugged_ = plugged;
}

void CardChoice::signal(std::optional<bool> there, TimePoint now) {
    if (signal_ == false && there != false) {
        wait_anew(now);
    }
    signal_ = there;
}

void CardChoice::picture(TimePoint now) {
    last_picture_ = now;
}

Card CardChoice::card(TimePoint now) const {
    if (!watched_) {
        return Card::None;
    }
    if (!plugged_) {
        return Card::NoStick;
    }
    if (!wants_pictures()) {
        return Card::NoSignal;
    }
    if (last_picture_) {
        return now - *last_picture_ < kSilence ? Card::None : Card::Stalled;
    }
    const auto waited = now - waits_since_;
    if (waited < kPatience) {
        return Card::None;
    }
    return waited < kStart ? Card::Starting : Card::Stalled;
}

std::optional<TimePoint> CardChoice::next_change(TimePoint now) const {
    const Card card = this->card(now);
    if (card == Card::Starting) {
        return waits_since_ + kStart;
    }
    if (card != Card::None || !watched_) {
        return std::nullopt;
    }
    return last_picture_ ? *last_picture_ + kSilence : waits_since_ + kPatience;
}

}  // namespace minikvm
