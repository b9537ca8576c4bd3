// SPDX-License-Identifier: MIT
// What the pump does for viewers while the stick gives no picture.

#include "tests/unit/pump_case.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;

class PumpLookTest : public PumpCase {};

TEST_F(PumpLookTest, ShowsACardWhereNothingHasComeForHalfASecond) {
    plug();
    watch(1);

    pass(499ms);
    EXPECT_EQ(audience_.cards, 0U);
    pass(1ms);
    EXPECT_EQ(audience_.cards, 1U);
    EXPECT_EQ(status_.card, Card::Starting);

    picture();
    EXPECT_EQ(status_.card, Card::None);
}

TEST_F(PumpLookTest, ShowsACardAtOnceWhileTheTargetSendsNothing) {
    pump_.set_signal(false);
    plug();
    watch(1);

    EXPECT_EQ(status_.card, Card::NoSignal);
    picture();
    EXPECT_EQ(audience_.pictures, 0U) << "which is what the stick saw last";

    pump_.set_signal(true);
    picture();
    EXPECT_EQ(audience_.pictures, 1U);
    EXPECT_EQ(status_.card, Card::None);
}

TEST_F(PumpLookTest, DrawsNothingForNobody) {
    pump_.set_signal(false);
    plug();
    pass(1min);

    EXPECT_EQ(audience_.cards, 0U);
}

TEST_F(PumpLookTest, ShowsACardOverAReplugAndThePictureAfterIt) {
    plug();
    watch(1);
    picture();

    pump_.detach();
    EXPECT_EQ(status_.card, Card::NoStick);
    EXPECT_FALSE(stick_.streaming);
    plug();
    picture();

    EXPECT_EQ(status_.card, Card::None);
    EXPECT_EQ(status_.error, "");
    EXPECT_EQ(audience_.pictures, 2U);
}

TEST_F(PumpLookTest, EndsTheSessionOfAStickThatHasVanished) {
    plug();
    watch(1);
    picture();

    stick_.take_fails_with = std::errc::no_such_device;
    on_readable_();

    EXPECT_EQ(status_.card, Card::NoStick);
    EXPECT_EQ(status_.error, "") << "pulling it is nobody's fault";
    EXPECT_FALSE(status_.streaming);
}

TEST_F(PumpLookTest, ClosesTheNodeOfAPulledStickOnceUnpluggingIsOver) {
    plug();
    pump_.detach();

    pass(1999ms);
    EXPECT_EQ(stick_.open, 1U);
    pass(1ms);
    EXPECT_EQ(stick_.open, 0U);
}

TEST_F(PumpLookTest, ClosesTheOldNodeBeforeTheNextStreamStarts) {
    plug();
    pump_.detach();
    plug();

    EXPECT_EQ(stick_.open, 1U);
}

TEST_F(PumpLookTest, TellsAFullBusAndTriesAgain) {
    stick_.start_fails_with = std::errc::no_space_on_device;
    plug();
    watch(1);

    EXPECT_NE(status_.error.find("the USB bus has no room left"), std::string::npos);
    pass(4999ms);
    EXPECT_EQ(stick_.starts, 1U);
    stick_.start_fails_with.reset();
    pass(1ms);
    pictures(11);

    EXPECT_EQ(stick_.starts, 2U);
    EXPECT_EQ(status_.error, "");
}

TEST_F(PumpLookTest, StartsAStreamAnewThatHasFallenSilent) {
    pump_.set_signal(true);
    plug();
    watch(1);
    picture();

    pass(2999ms);
    EXPECT_EQ(stick_.starts, 1U);
    pass(1ms);

    EXPECT_EQ(stick_.starts, 2U);
    EXPECT_EQ(status_.card, Card::Stalled);
    EXPECT_EQ(status().restarts, 1U);
    EXPECT_TRUE(resets_.empty());
}

TEST_F(PumpLookTest, HasAStickResetWhereARestartIsInVain) {
    pump_.set_signal(true);
    plug();
    watch(1);
    picture();

    pass(3s);
    EXPECT_TRUE(resets_.empty());
    pass(10s);

    ASSERT_FALSE(resets_.empty());
    EXPECT_EQ(resets_.front(), "/dev/video7");
    EXPECT_GE(status().resets, 1U);
}

TEST_F(PumpLookTest, LeavesASilentStickAloneWithoutASignal) {
    pump_.set_signal(false);
    plug();
    watch(1);
    pass(1h);

    EXPECT_EQ(stick_.starts, 1U);
    EXPECT_TRUE(resets_.empty());
}

}  // namespace
}  // namespace minikvm
