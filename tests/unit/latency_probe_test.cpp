// SPDX-License-Identifier: MIT
// How long events take to be acknowledged, with a clock by hand.

#include "uinput-bridge/latency_probe.h"

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using std::chrono::microseconds;

constexpr InputProgress kNothing = {0, 0};
constexpr InputProgress kOneEdge = {1, 0};
constexpr InputProgress kTwoEdges = {2, 0};
constexpr InputProgress kOneEdgeOneMove = {1, 1};
constexpr TimePoint kFirstEvent{};

TimePoint at(int time_us) {
    return kFirstEvent + microseconds(time_us);
}

Settlement acknowledged(const InputProgress& to) {
    return {kNothing, to, Delivery::Acknowledged};
}

TEST(LatencyProbe, KnowsNothingBeforeTheFirst) {
    EXPECT_EQ(LatencyProbe().percentiles(), std::nullopt);
}

TEST(LatencyProbe, TimesAnEventFromReadToAcknowledged) {
    LatencyProbe probe;
    probe.look(kOneEdge, kNothing, at(100));
    probe.on_settled(acknowledged(kOneEdge), at(2100));

    EXPECT_EQ(probe.percentiles(), (Percentiles{microseconds(2000), microseconds(2000)}));
}

TEST(LatencyProbe, WaitsForTheWholeOfWhatWasRead) {
    LatencyProbe probe;
    probe.look(kOneEdgeOneMove, kNothing, at(0));
    probe.on_settled(acknowledged(kOneEdge), at(2000));
    probe.on_settled(acknowledged(kOneEdgeOneMove), at(4000));

    EXPECT_EQ(probe.percentiles(), (Percentiles{microseconds(4000), microseconds(4000)}));
}

TEST(LatencyProbe, TimesNothingTwice) {
    LatencyProbe probe;
    probe.look(kOneEdge, kNothing, at(0));
    probe.look(kTwoEdges, kNothing, at(1000));
    probe.on_settled(acknowledged(kOneEdge), at(2000));
    probe.look(kTwoEdges, kOneEdge, at(3000));
    probe.on_settled(acknowledged(kTwoEdges), at(9000));

    EXPECT_EQ(probe.percentiles(), (Percentiles{microseconds(2000), microseconds(2000)}));
}

TEST(LatencyProbe, LeavesOutWhatWasNeverSent) {
    LatencyProbe probe;
    probe.look(kOneEdge, kOneEdge, at(0));
    probe.on_settled(acknowledged(kTwoEdges), at(9000));

    EXPECT_EQ(probe.percentiles(), std::nullopt);
}

TEST(LatencyProbe, LeavesOutWhatDidNotArriveForSure) {
    for (const Delivery delivery :
         {Delivery::Unconfirmed, Delivery::Refused, Delivery::Undelivered}) {
        LatencyProbe lost;
        lost.look(kOneEdge, kNothing, at(0));
        lost.on_settled({kNothing, kOneEdge, delivery}, at(2000));
        lost.on_settled(acknowledged(kTwoEdges), at(4000));

        EXPECT_EQ(lost.percentiles(), std::nullopt);
    }
}

}  // namespace
}  // namespace minikvm
