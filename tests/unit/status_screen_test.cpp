// SPDX-License-Identifier: MIT
// What the status screen says of a stick.

#include "clients/ctl/status_screen.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minikvm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const TextStyle kPlainScreen(false, false);
const TextStyle kColoured(true, false);

std::string screen_with(const std::string& name, const std::string& value,
                        const TextStyle& style = kPlainScreen) {
    StickValues values;
    values.set("name", "desk");
    values.set(name, value);
    return status_screen("1-2", values, style);
}

TEST(StatusScreen, NamesTheStick) {
    EXPECT_THAT(screen_with("state", "ready"), testing::StartsWith("1-2 desk  ready"));
}

TEST(StatusScreen, SaysThatThereIsNoSignal) {
    EXPECT_THAT(screen_with("hdmi/connected", "no"), HasSubstr("no signal"));
}

TEST(StatusScreen, ShowsLatencyInMilliseconds) {
    StickValues values;
    values.set("video/latency_p50_us", "312");
    values.set("video/latency_p99_us", "1849");

    EXPECT_THAT(status_screen("1-2", values, kPlainScreen),
                HasSubstr("; 0.3 ms, 99 of 100 within 1.8 ms\n"));
}

TEST(StatusScreen, LeavesOutLatencyThatWasNotMeasured) {
    EXPECT_THAT(screen_with("input/latency_p50_us", "unknown"), Not(HasSubstr("99 of 100")));
}

TEST(StatusScreen, TellsOneViewerFromTwo) {
    EXPECT_THAT(screen_with("video/viewers", "1"), HasSubstr("1 viewer,"));
    EXPECT_THAT(screen_with("video/viewers", "2"), HasSubstr("2 viewers,"));
}

TEST(StatusScreen, PointsAtCountersOfMishapsOnceTheyCount) {
    EXPECT_THAT(screen_with("video/broken", "0", kColoured), HasSubstr(" 0 broken"));
    EXPECT_THAT(screen_with("video/broken", "2", kColoured), HasSubstr("\x1b[33m2\x1b[0m broken"));
}

TEST(StatusScreen, EndsWithTheProblems) {
    const std::string screen = screen_with("video/problem", "no frames");

    EXPECT_THAT(screen, testing::EndsWith("problem  video: no frames\n"));
}

TEST(StatusScreen, SaysNothingOfProblemsThatAreNotThere) {
    EXPECT_THAT(screen_with("video/problem", ""), Not(HasSubstr("problem")));
}

TEST(StatusScreen, FitsOnATerminal) {
    const std::string screen = screen_with("state", "ready");

    EXPECT_LT(std::ranges::count(screen, '\n'), 24);
}

TEST(StatusProblems, AreOfEachPart) {
    StickValues values;
    values.set("input/problem", "unknown");
    values.set("usb/problem", "not available under this firmware");
    values.set("chip/video/problem", "no answer");

    EXPECT_THAT(problems_of(values),
                ElementsAre("chip/video: no answer", "usb: not available under this firmware"));
}

TEST(StatusProblems, AreNoneWhereNothingIsKnown) {
    EXPECT_THAT(problems_of(StickValues()), IsEmpty());
}

TEST(StickValues, ReadNumbersThatAreWhole) {
    StickValues values;
    values.set("video/frames", "120");
    values.set("hdmi/mode", "1920x1080@60.00");

    EXPECT_EQ(values.number("video/frames"), 120U);
    EXPECT_EQ(values.number("hdmi/mode"), std::nullopt);
    EXPECT_EQ(values.number("video/viewers"), std::nullopt);
}

}  // namespace
}  // namespace minikvm
