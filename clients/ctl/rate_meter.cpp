// SPDX-License-Identifier: MIT
// Counts per time.

#include "clients/ctl/rate_meter.h"

namespace minikvm {

void RateMeter::count(std::uint64_t value, TimePoint now) {
    if (!samples_.empty() && value < samples_.back().value) {
        samples_.clear();
    }
    if (!samples_.empty() && now - samples_.back().time > kSilence) {
        // It stood still until now: what it counts from here on began a moment ago.
        samples_ = {{now - std::chrono::seconds(1), samples_.back().value}};
    }
    samples_.push_back({now, value});
    while (samples_.size() > 2 && now - samples_[1].time >= kWindow) {
        samples_.pop_front();
    }
}

double RateMeter::per_second(TimePoint now) const {
    if (samples_.size() < 2 || now - samples_.back().time > kSilence) {
        return 0;
    }
    const std::chrono::duration<double> time = samples_.back().time - samples_.front().time;
    const auto counted = static_cast<double>(samples_.back().value - samples_.front().value);
    return time.count() > 0 ? counted / time.count() : 0;
}

}  // namespace minikvm
