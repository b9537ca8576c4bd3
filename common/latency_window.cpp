// SPDX-License-Identifier: MIT
// Percentiles of a window of latencies.

#include "common/latency_window.h"

#include <algorithm>

namespace minikvm {

void LatencyWindow::add(std::chrono::microseconds latency) {
    latencies_.at(next_) = latency;
    next_ = (next_ + 1) % kLength;
    used_ = std::min(used_ + 1, kLength);
}

std::optional<Percentiles> LatencyWindow::percentiles() const {
    if (used_ == 0) {
        return std::nullopt;
    }
    auto scratch = latencies_;
    const auto place_of = [&](std::size_t percent) {
        return scratch.begin() + static_cast<std::ptrdiff_t>((used_ * percent + 99) / 100 - 1);
    };
    const auto end = scratch.begin() + static_cast<std::ptrdiff_t>(used_);
    const auto p50 = place_of(50);
    const auto p99 = place_of(99);
    std::nth_element(scratch.begin(), p99, end);
    std::nth_element(scratch.begin(), p50, p99);
    return Percentiles{*p50, *p99};
}

}  // namespace minikvm
