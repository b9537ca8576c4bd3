// SPDX-License-Identifier: MIT
// LatencyWindow: how long the last thousand frames took, as percentiles. No I/O, no clock.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace minikvm {

struct Percentiles {
    std::chrono::microseconds p50{};
    std::chrono::microseconds p99{};

    bool operator==(const Percentiles&) const = default;
};

/// Shape:   add() each frame; percentiles() now and then, which costs some microseconds: of the
///          frames in the window, half take no longer than p50, 99 of 100 no longer than p99.
///          Zero before the first.
/// Thread:  the thread that made it. Nothing is allocated.
class LatencyWindow final {
public:
    static constexpr std::size_t kFrames = 1000;

    void add(std::chrono::microseconds latency);
    Percentiles percentiles() const;

private:
    std::array<std::chrono::microseconds, kFrames> latencies_{};
    std::size_t next_ = 0;
    std::size_t used_ = 0;
};

}  // namespace minikvm
