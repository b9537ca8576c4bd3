// SPDX-License-Identifier: MIT
// The rates and graphs of minikvmctl top.

#include "clients/ctl/top_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minikvm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

const RateMeter::TimePoint kStart{};
const TextStyle kPlainTop(false, false);

TEST(BarGraph, PutsTheNewestValueLast) {
    EXPECT_EQ(bar_graph({0, 4, 8}, 8, 3, Bars::Blocks), " ▄█");
    EXPECT_EQ(bar_graph({0, 4, 8}, 8, 3, Bars::Ascii), " -#");
}

TEST(BarGraph, LeavesOldValuesOut) {
    EXPECT_EQ(bar_graph({8, 8, 0, 8}, 8, 2, Bars::Ascii), " #");
}

TEST(BarGraph, BeginsOnTheRight) {
    EXPECT_EQ(bar_graph({8}, 8, 4, Bars::Ascii), "   #");
}

TEST(BarGraph, GrowsWithALargeValue) {
    EXPECT_EQ(bar_graph({8, 16}, 8, 2, Bars::Ascii), "-#");
}

TEST(BarGraph, ShowsTheSmallestThing) {
    EXPECT_EQ(bar_graph({0.001}, 1000, 1, Bars::Ascii), "_");
}

TEST(RateMeter, IsTheSlopeOfTheWindow) {
    RateMeter meter;
    for (int second = 0; second <= 5; ++second) {
        meter.count(static_cast<std::uint64_t>(30 * second), kStart + seconds(second));
    }

    EXPECT_DOUBLE_EQ(meter.per_second(kStart + seconds(5)), 30);
}

TEST(RateMeter, EvensOutWhenValuesComeUnevenly) {
    RateMeter meter;
    meter.count(0, kStart);
    meter.count(30, kStart + milliseconds(900));
    meter.count(60, kStart + milliseconds(2000));

    EXPECT_DOUBLE_EQ(meter.per_second(kStart + milliseconds(2100)), 30);
}

TEST(RateMeter, FallsToNothingInSilence) {
    RateMeter meter;
    meter.count(0, kStart);
    meter.count(30, kStart + seconds(1));

    EXPECT_DOUBLE_EQ(meter.per_second(kStart + seconds(4)), 0);
}

TEST(RateMeter, BeginsAnewAfterAPause) {
    RateMeter meter;
    meter.count(0, kStart);
    meter.count(10, kStart + seconds(60));

    EXPECT_DOUBLE_EQ(meter.per_second(kStart + seconds(60)), 10);
}

TEST(RateMeter, SurvivesADaemonThatCountsFromZeroAgain) {
    RateMeter meter;
    meter.count(5000, kStart);
    meter.count(3, kStart + seconds(1));
    meter.count(33, kStart + seconds(2));

    EXPECT_DOUBLE_EQ(meter.per_second(kStart + seconds(2)), 30);
}

StickValues values_with(const std::string& name, const std::string& value) {
    StickValues values;
    values.set("name", "desk");
    values.set(name, value);
    return values;
}

TEST(TopView, ShowsFramesPerSecond) {
    TopView view("1-2", values_with("video/frames", "100"), kStart);
    view.take("video/frames", "130", kStart + seconds(1));

    view.tick(kStart + seconds(1));

    EXPECT_THAT(view.draw(kPlainTop, 80), HasSubstr("# 30.0/s\n"));
}

TEST(TopView, ShowsHowSoonReportsAreAcknowledged) {
    TopView view("1-2", values_with("input/latency_p50_us", "1949"), kStart);
    view.take("input/reports", "12", kStart);

    EXPECT_THAT(view.draw(kPlainTop, 80), HasSubstr("/s in 1.9 ms, 12 in all\n"));
}

TEST(TopView, CountsMishapsOfVideoAndInputTogether) {
    TopView view("1-2", values_with("video/broken", "2"), kStart);
    view.take("input/errors", "1", kStart + seconds(1));

    view.tick(kStart + seconds(1));

    EXPECT_THAT(view.draw(kPlainTop, 80), HasSubstr("1.0/s, 3 in all\n"));
}

TEST(TopView, ShowsTheLatestOfEverything) {
    TopView view("1-2", values_with("usb/switch", "host"), kStart);

    view.take("usb/switch", "target", kStart);

    EXPECT_THAT(view.draw(kPlainTop, 80), HasSubstr("USB-A target"));
}

TEST(TopView, FitsTheTerminal) {
    TopView view("1-2", values_with("video/frames", "100"), kStart);
    for (int second = 1; second < 400; ++second) {
        view.take("video/frames", std::to_string(100 + 30 * second), kStart + seconds(second));
        view.tick(kStart + seconds(second));
    }

    for (const std::size_t columns : {60U, 80U, 200U}) {
        const std::string text = view.draw(kPlainTop, columns);
        for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
            EXPECT_LE(text.find('\n', at) - at, columns);
        }
    }
}

}  // namespace
}  // namespace minikvm
