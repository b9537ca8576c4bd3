// SPDX-License-Identifier: MIT
// Percentiles of a window of latencies.

#include "v4l2-bridge/latency_window.h"

#include <algorithm>

namespace minikvm {

void LatencyWindow::add(std::chrono::microseconds latency) {
    latencies_.at(next_) = latency;
    next_ = (next_ + 1) % kFrames;
    used_ = std::min(used_ + 1, kFrames);
}

Percentiles LatencyWindow::percentiles() const {
    if (used_ == 0) {
        return {};
    }
    auto sorted = latencies_;
    const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(used_);
    std::sort(sorted.begin(), end);
    const auto below = [&](std::size_t percent) {
        return sorted.at((used_ * percent + 99) / 100 - 1);
    };
    return {below(50), below(99)};
}

}  // namespace minikvm
