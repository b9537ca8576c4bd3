// SPDX-License-Identifier: MIT
// When a chip's speed is changed, by a clock that is moved by hand.

#include "device/ch9329_speed_plan.h"

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using namespace std::chrono_literals;

class Ch9329SpeedPlanTest : public testing::Test {
protected:
    SpeedChange move_to(int wanted_bd, int found_bd) {
        EXPECT_EQ(plan_.wanted(found_bd == wanted_bd ? other(wanted_bd) : found_bd), wanted_bd);
        plan_.attempted(wanted_bd);
        return plan_.found(now_, found_bd);
    }
    static int other(int speed_bd) { return speed_bd == 9600 ? 115200 : 9600; }
    void suffer(int mishaps) {
        for (int count = 0; count < mishaps; ++count) {
            plan_.mishap(now_);
        }
    }

    TimePoint now_ = TimePoint(1h);
    Ch9329SpeedPlan plan_{true};
};

TEST_F(Ch9329SpeedPlanTest, RaisesAChipOfTheFactoryAlone) {
    EXPECT_EQ(plan_.wanted(9600), 115200);
    EXPECT_EQ(plan_.wanted(57600), std::nullopt);
    EXPECT_EQ(plan_.wanted(115200), std::nullopt);
}

TEST_F(Ch9329SpeedPlanTest, RaisesNothingUnlessToldTo) {
    EXPECT_EQ(Ch9329SpeedPlan(false).wanted(9600), std::nullopt);
}

TEST_F(Ch9329SpeedPlanTest, RaisesAChipThatForgotItsSpeedOnceMore) {
    EXPECT_EQ(move_to(115200, 115200), SpeedChange::Raised);

    EXPECT_EQ(plan_.wanted(9600), 115200);
}

TEST_F(Ch9329SpeedPlanTest, TriesOnceWhereItDidNotHelp) {
    EXPECT_EQ(move_to(115200, 9600), SpeedChange::NotRaised);

    EXPECT_EQ(plan_.wanted(9600), std::nullopt);
}

TEST_F(Ch9329SpeedPlanTest, GoesBackForGoodWhereTheLineIsBad) {
    move_to(115200, 115200);

    suffer(6);

    EXPECT_EQ(move_to(9600, 9600), SpeedChange::Lowered);
    EXPECT_EQ(plan_.wanted(9600), std::nullopt);
}

TEST_F(Ch9329SpeedPlanTest, BearsAFewMishaps) {
    move_to(115200, 115200);

    suffer(5);

    EXPECT_EQ(plan_.wanted(115200), std::nullopt);
}

TEST_F(Ch9329SpeedPlanTest, CountsNoneLongAfterTheRaise) {
    move_to(115200, 115200);
    now_ += 1min;

    suffer(100);

    EXPECT_EQ(plan_.wanted(115200), std::nullopt);
}

TEST_F(Ch9329SpeedPlanTest, LeavesASpeedAloneThatSomebodyElseHasSet) {
    EXPECT_EQ(plan_.found(now_, 115200), SpeedChange::None);

    suffer(100);

    EXPECT_EQ(plan_.wanted(115200), std::nullopt);
}

TEST_F(Ch9329SpeedPlanTest, GivesUpGoingBackAfterThreeAttempts) {
    move_to(115200, 115200);

    suffer(6);
    EXPECT_EQ(plan_.failed(9600), SpeedChange::None);
    suffer(6);
    EXPECT_EQ(move_to(9600, 115200), SpeedChange::None);
    suffer(6);
    EXPECT_EQ(plan_.failed(9600), SpeedChange::NotLowered);

    suffer(6);
    EXPECT_EQ(plan_.wanted(115200), std::nullopt);
}

}  // namespace
}  // namespace minikvm
