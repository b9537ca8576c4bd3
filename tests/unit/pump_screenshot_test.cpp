// SPDX-License-Identifier: MIT
// Who gets a screenshot from the pump, and who is told why not.

#include "tests/unit/pump_case.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;

class PumpScreenshotTest : public PumpCase {};

TEST_F(PumpScreenshotTest, GivesAScreenshotWhileNobodyWatches) {
    plug();
    take_screenshot();
    ASSERT_TRUE(stick_.streaming);
    frame(filler_);
    EXPECT_TRUE(screenshots_.empty());

    picture();

    ASSERT_EQ(screenshots_.size(), 1U);
    EXPECT_EQ(screenshots_.front()->card, Card::None);
    EXPECT_EQ(audience_.pictures, 0U);
    pass(999ms);
    EXPECT_TRUE(stick_.streaming) << "for the next of a series";
    pass(1ms);
    EXPECT_FALSE(stick_.streaming);
}

TEST_F(PumpScreenshotTest, RefusesAScreenshotAtOnceWithoutAStickOrASignal) {
    EXPECT_EQ(take_screenshot().size(), 1U);
    plug();
    pump_.set_signal(false);
    EXPECT_EQ(take_screenshot().size(), 2U);

    EXPECT_NE(screenshots_[0].error().message().find("not plugged in"), std::string::npos);
    EXPECT_NE(screenshots_[1].error().message().find("no screen signal"), std::string::npos);
    EXPECT_EQ(stick_.starts, 0U);
}

TEST_F(PumpScreenshotTest, GivesACardToThoseWhoTakeOneInstead) {
    pump_.set_signal(false);
    plug();

    take_screenshot(ScreenshotWish::TargetOrCard);

    ASSERT_EQ(screenshots_.size(), 1U);
    EXPECT_EQ(screenshots_.front()->card, Card::NoSignal);
}

TEST_F(PumpScreenshotTest, RefusesAScreenshotForWhichNothingHasCome) {
    plug();
    take_screenshot();

    pass(3499ms);
    EXPECT_TRUE(screenshots_.empty());
    pass(1ms);

    ASSERT_EQ(screenshots_.size(), 1U);
    EXPECT_NE(screenshots_.front().error().message().find("within 3.5 s"), std::string::npos);
    pass(1s);
    EXPECT_FALSE(stick_.streaming);
}

}  // namespace
}  // namespace minikvm
