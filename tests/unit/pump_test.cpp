// SPDX-License-Identifier: MIT
// When the pump has the stick stream, and what becomes of its frames.

#include "tests/unit/pump_case.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;

class PumpTest : public PumpCase {};

TEST_F(PumpTest, LetsTheStickRestWhileNobodyWatches) {
    plug();
    pass(1h);

    EXPECT_EQ(stick_.starts, 0U);
    EXPECT_FALSE(wake_at_);
}

TEST_F(PumpTest, StartsTheStreamForAViewer) {
    plug();
    watch(1);
    EXPECT_TRUE(stick_.streaming);

    picture();

    EXPECT_EQ(audience_.pictures, 1U);
    EXPECT_TRUE(status().streaming);
    EXPECT_EQ(status().frames, 1U);
}

TEST_F(PumpTest, StartsTheStreamForAViewerWhoWasThereBeforeTheStick) {
    watch(1);
    plug();

    EXPECT_TRUE(stick_.streaming);
}

TEST_F(PumpTest, StopsTheStreamASecondAfterTheLastViewer) {
    plug();
    watch(1);
    picture();

    watch(0);
    pass(999ms);
    EXPECT_TRUE(stick_.streaming);
    EXPECT_FALSE(audience_.fresh);
    pass(1ms);

    EXPECT_FALSE(stick_.streaming);
    EXPECT_TRUE(audience_.fresh) << "the next viewer gets no old picture";
}

TEST_F(PumpTest, GoesOnForAViewerWhoComesBackAtOnce) {
    plug();
    watch(1);
    watch(0);
    pass(500ms);
    watch(1);
    pass(10s);

    EXPECT_TRUE(stick_.streaming);
    EXPECT_EQ(stick_.starts, 1U);
}

TEST_F(PumpTest, MakesTheCameraAnewWhereTheModuleForgetsAtOnce) {
    audience_.kind = LoopbackKind::Static;
    plug();
    watch(1);
    picture();
    watch(0);
    pass(1s);

    EXPECT_EQ(audience_.begun, 1U);
}

TEST_F(PumpTest, MakesTheCameraAnewOnceNobodyHasOpenedItForLong) {
    plug();
    watch(1);
    picture();
    watch(0);
    pass(1s);

    pass(29s);
    audience_.callbacks.on_open();
    pass(29s);
    EXPECT_EQ(audience_.begun, 0U);
    pass(1s);

    EXPECT_EQ(audience_.begun, 1U);
}

TEST_F(PumpTest, ShowsNoFillerOfAStreamThatHasJustBegun) {
    plug();
    watch(1);

    frame(filler_);
    frame(filler_);
    EXPECT_EQ(audience_.pictures, 0U);
    picture();
    EXPECT_EQ(audience_.pictures, 1U);

    EXPECT_EQ(status().filler, 2U);
}

TEST_F(PumpTest, CountsAPictureThatCannotBeDecodedAndGoesOn) {
    plug();
    watch(1);
    audience_.show_fails_with = std::errc::bad_message;
    picture();
    audience_.show_fails_with.reset();
    picture();

    EXPECT_EQ(audience_.pictures, 1U);
    EXPECT_EQ(status().broken, 1U);
    EXPECT_EQ(status().frames, 1U);
}

TEST_F(PumpTest, AddsUpWhatSeveralSessionsHaveLost) {
    plug();
    watch(1);
    stick_.counters = {.dropped = 2, .skipped = 3, .broken = 4};
    pump_.detach();
    stick_.counters = {.dropped = 10};
    plug();

    EXPECT_EQ(status().dropped, 12U);
    EXPECT_EQ(status().skipped, 3U);
    EXPECT_EQ(status().broken, 4U);
}

TEST_F(PumpTest, TellsCountersOnceASecond) {
    plug();
    watch(1);
    pictures(15);
    told_ = 0;

    pictures(20);

    EXPECT_EQ(told_, 2);
}

}  // namespace
}  // namespace minikvm
