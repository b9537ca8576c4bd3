// SPDX-License-Identifier: MIT
// What the target sends, by its name.

#include <gtest/gtest.h>

#include "sim/ms2109/input_mode.h"

namespace minikvm::sim {
namespace {

TEST(InputMode, HasTheTimingOfTheStandard) {
    const InputMode mode = parse_input_mode("1280x720@60").value();

    EXPECT_EQ(mode.horizontal_total, 1650U);
    EXPECT_EQ(mode.pixel_clock_ten_kilohertz(), 7425U);
}

TEST(InputMode, KeepsTheTimingAtTheNtscRate) {
    const InputMode mode = parse_input_mode("1920x1080@59.94").value();

    EXPECT_EQ(mode.rate_centihertz, 5994U);
    EXPECT_EQ(mode.pixel_clock_ten_kilohertz(), 14835U);
}

TEST(InputMode, GetsReducedBlankingWithoutAStandard) {
    const InputMode mode = parse_input_mode("1366x768@60").value();

    EXPECT_EQ(mode.horizontal_total, 1366U + 160U);
    EXPECT_GT(mode.vertical_total, 768U);
}

TEST(InputMode, IsWrittenWithTwoDecimals) {
    EXPECT_EQ(parse_input_mode("640x480@60")->text(), "640x480@60.00");
}

TEST(InputMode, RefusesWhatIsNoMode) {
    for (const char* text : {"", "1920x1080", "x@", "0x1080@60", "1920x1080@0", "1920x1080@nan",
                             "9000x1080@60", "1920x1080@60Hz", "4096x4096@120"}) {
        EXPECT_FALSE(parse_input_mode(text)) << text;
    }
}

}  // namespace
}  // namespace minikvm::sim
