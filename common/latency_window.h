// SPDX-License-Identifier: MIT
// LatencyWindow: how long the last thousand of something took, as percentiles. No I/O, no clock.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

namespace minikvm {

struct Percentiles {
    std::chrono::microseconds p50{};
    std::chrono::microseconds p99{};

    bool operator==(const Percentiles&) const = default;
};

/// Shape:   add() each one; percentiles() now and then, which costs some microseconds: of those in
///          the window, half took no longer than p50, 99 of 100 no longer than p99. None before the
///          first.
/// Thread:  the thread that made it. Nothing is allocated.
class LatencyWindow final {
public:
    static constexpr std::size_t kLength = 1000;

    void add(std::chrono::microseconds latency);
    std::optional<Percentiles> percentiles() const;

private:
    std::array<std::chrono::microseconds, kLength> latencies_{};
    std::size_t next_ = 0;
    std::size_t used_ = 0;
};

}  // namespace minikvm
