// SPDX-License-Identifier: MIT
// Counting silence, choosing remedies.

#include "v4l2-bridge/stall_watch.h"

#include <algorithm>

namespace minikvm {

void StallWatch::stream(bool on, TimePoint now) {
    streaming_ = on;
    heard_ = false;
    silent_since_ = now;
}

void StallWatch::signal(std::optional<bool> there, TimePoint now) {
    if (there != signal_) {
        signal_ = there;
        silent_since_ = now;
    }
}

void StallWatch::frame(TimePoint now) {
    heard_ = true;
    tried_ = 0;
    reset_at_.reset();
    silent_since_ = now;
}

void StallWatch::node_gone(TimePoint now) {
    if (!reset_at_ || now - *reset_at_ > kResetTime) {
        tried_ = 0;
        reset_at_.reset();
    }
}

std::chrono::milliseconds StallWatch::patience() const {
    if (tried_ == 0 && heard_) {
        return limit_;
    }
    auto patience = std::max<std::chrono::milliseconds>(limit_, kFirstFrame);
    for (unsigned remedy = 1; remedy < tried_ && patience < kLongestWait; ++remedy) {
        patience *= 2;
    }
    return std::min<std::chrono::milliseconds>(patience, kLongestWait);
}

std::optional<TimePoint> StallWatch::deadline() const {
    return listens() ? std::optional(silent_since_ + patience()) : std::nullopt;
}

Remedy StallWatch::take_due(TimePoint now) {
    const auto due = deadline();
    if (!due || now < *due) {
        return Remedy::None;
    }
    silent_since_ = now;
    ++tried_;
    if (tried_ % 2 != 0) {
        return Remedy::Restart;
    }
    reset_at_ = now;
    return Remedy::Reset;
}

}  // namespace minikvm
