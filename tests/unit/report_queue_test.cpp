// SPDX-License-Identifier: MIT
// What waits for a busy stick.

#include "clients/input/report_queue.h"

#include <linux/input-event-codes.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minikvm {
namespace {

using testing::ElementsAre;

constexpr InputEvent x(std::int32_t counts) {
    return {EV_REL, REL_X, counts};
}
constexpr InputEvent y(std::int32_t counts) {
    return {EV_REL, REL_Y, counts};
}
constexpr InputEvent wheel(std::int32_t notches) {
    return {EV_REL, REL_WHEEL, notches};
}
constexpr InputEvent key(std::uint16_t code, std::int32_t value) {
    return {EV_KEY, code, value};
}

class AReportQueue : public testing::Test {
protected:
    void push(std::vector<InputEvent> events) { queue_.push(events); }
    std::vector<InputEvent> next() {
        const std::vector<InputEvent> front(queue_.front().begin(), queue_.front().end());
        queue_.pop();
        return front;
    }

    ReportQueue queue_;
};

TEST_F(AReportQueue, AddsMotionToMotionThatWaits) {
    push({x(3)});
    push({x(4), y(-1)});

    EXPECT_THAT(next(), ElementsAre(x(7), y(-1)));
    EXPECT_TRUE(queue_.empty());
}

TEST_F(AReportQueue, KeepsKeysInOrderAndApart) {
    push({key(KEY_A, 1)});
    push({key(KEY_A, 0)});

    EXPECT_THAT(next(), ElementsAre(key(KEY_A, 1)));
    EXPECT_THAT(next(), ElementsAre(key(KEY_A, 0)));
}

TEST_F(AReportQueue, AddsNoMotionAcrossAClick) {
    push({x(1)});
    push({key(BTN_LEFT, 1)});
    push({x(2)});
    push({x(4)});

    EXPECT_THAT(next(), ElementsAre(x(1)));
    EXPECT_THAT(next(), ElementsAre(key(BTN_LEFT, 1)));
    EXPECT_THAT(next(), ElementsAre(x(6)));
}

TEST_F(AReportQueue, NeverMergesNotchesOfTheWheel) {
    push({wheel(1)});
    push({wheel(1)});

    EXPECT_EQ(queue_.size(), 2U);
}

TEST_F(AReportQueue, MakesNoSumThatAPacketCannotHold) {
    push({x(32767), y(5)});
    push({y(1), x(1)});

    EXPECT_THAT(next(), ElementsAre(x(32767), y(5)));
    EXPECT_THAT(next(), ElementsAre(y(1), x(1)));
}

TEST_F(AReportQueue, KeepsOnlyTheLastPlace) {
    push({{EV_ABS, ABS_X, 10}, {EV_ABS, ABS_Y, 20}});
    push({{EV_ABS, ABS_X, 11}});

    EXPECT_THAT(next(), ElementsAre(InputEvent{EV_ABS, ABS_X, 11}, InputEvent{EV_ABS, ABS_Y, 20}));
}

TEST_F(AReportQueue, CutsAReportThatNoPacketHolds) {
    push(std::vector<InputEvent>(100, key(KEY_A, 1)));

    EXPECT_EQ(next().size(), kMaxInputEvents - 1);
    EXPECT_EQ(next().size(), 100 - (kMaxInputEvents - 1));
}

TEST_F(AReportQueue, TakesNothingForNothing) {
    push({});

    EXPECT_TRUE(queue_.empty());
}

}  // namespace
}  // namespace minikvm
