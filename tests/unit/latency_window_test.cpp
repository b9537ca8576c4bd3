// SPDX-License-Identifier: MIT
// Percentiles of the last thousand latencies.

#include "common/latency_window.h"

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using std::chrono::microseconds;

TEST(LatencyWindow, KnowsNothingBeforeTheFirst) {
    EXPECT_EQ(LatencyWindow().percentiles(), std::nullopt);
}

TEST(LatencyWindow, SaysWhatHalfAndAlmostAllTook) {
    LatencyWindow window;
    for (int latency = 100; latency >= 1; --latency) {
        window.add(microseconds(latency));
    }

    EXPECT_EQ(window.percentiles(), (Percentiles{microseconds(50), microseconds(99)}));
}

TEST(LatencyWindow, CountsASingleOne) {
    LatencyWindow window;
    window.add(microseconds(7));

    EXPECT_EQ(window.percentiles(), (Percentiles{microseconds(7), microseconds(7)}));
}

TEST(LatencyWindow, ForgetsWhatIsAThousandAgo) {
    LatencyWindow window;
    window.add(microseconds(1'000'000));
    for (std::size_t one = 0; one < LatencyWindow::kLength; ++one) {
        window.add(microseconds(5));
    }

    EXPECT_EQ(window.percentiles(), (Percentiles{microseconds(5), microseconds(5)}));
}

}  // namespace
}  // namespace minikvm
