// SPDX-License-Identifier: MIT
// HID reports: how motion and places fit into them.

#include "protocol/hid_report.h"

#include <limits>

#include <gtest/gtest.h>

namespace minikvm::hid {
namespace {

TEST(RelativeStep, CarriesWhatFits) {
    EXPECT_EQ(relative_step(0), 0);
    EXPECT_EQ(relative_step(-1), -1);
    EXPECT_EQ(relative_step(127), 127);
    EXPECT_EQ(relative_step(-127), -127);
}

TEST(RelativeStep, LeavesTheRestForTheNextReport) {
    EXPECT_EQ(relative_step(128), 127);
    EXPECT_EQ(relative_step(-128), -127);
    EXPECT_EQ(relative_step(std::numeric_limits<std::int32_t>::max()), 127);
    EXPECT_EQ(relative_step(std::numeric_limits<std::int32_t>::min()), -127);
}

TEST(AbsolutePosition, IsOneToOneOnTheGridItself) {
    for (const int position : {0, 1, 2048, 4095}) {
        EXPECT_EQ(absolute_position(position, 4096), position);
    }
}

TEST(AbsolutePosition, IsTheWholePartOfThe4096thsOfTheWidth) {
    EXPECT_EQ(absolute_position(0, 1920), 0);
    EXPECT_EQ(absolute_position(1, 1920), 2);
    EXPECT_EQ(absolute_position(960, 1920), 2048);
    EXPECT_EQ(absolute_position(1919, 1920), 4093);
}

TEST(AbsolutePosition, StaysOnTheScreen) {
    EXPECT_EQ(absolute_position(-1, 1920), 0);
    EXPECT_EQ(absolute_position(1920, 1920), 4093);
    EXPECT_EQ(absolute_position(32767, 32768), kAbsoluteMax);
    EXPECT_EQ(absolute_position(std::numeric_limits<std::int32_t>::max(), 4096), kAbsoluteMax);
    EXPECT_EQ(absolute_position(7, 1), 0);
}

}  // namespace
}  // namespace minikvm::hid
