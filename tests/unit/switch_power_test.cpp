// SPDX-License-Identifier: MIT
// When SwitchSequence cuts the USB-A port's power.

#include "tests/unit/switch_sequence_case.h"

namespace minikvm {
namespace {

TEST_F(SwitchSequenceTest, CutsThePowerForHalfASecond) {
    select(kTarget);
    EXPECT_TRUE(is_cut());

    pass(499ms);
    EXPECT_TRUE(is_cut());
    pass(1ms);
    EXPECT_FALSE(is_cut());
}

TEST_F(SwitchSequenceTest, CutsNoPowerForAPositionThatIsThere) {
    move_a_device_to_the_target();

    select(kTarget);

    EXPECT_FALSE(is_cut());
    EXPECT_EQ(verified(), Verified::Yes);
}

TEST_F(SwitchSequenceTest, TriesAgainWhatWasSeenToFail) {
    sequence_.device_came();
    select(kTarget);
    pass(10s);
    ASSERT_EQ(verified(), Verified::No);

    select(kTarget);

    EXPECT_TRUE(is_cut());
    EXPECT_EQ(verified(), Verified::Pending);
}

TEST_F(SwitchSequenceTest, TriesAgainForADeviceThatDidNotCome) {
    move_a_device_to_the_target();
    select(kHost);
    pass(10s);
    ASSERT_EQ(verified(), Verified::No);

    select(kHost);

    EXPECT_TRUE(is_cut());
}

TEST_F(SwitchSequenceTest, MovesADeviceThatIsElsewhereThanTheCellSays) {
    cell_ = kTarget;  // as another program left it
    sequence_.device_came();

    select(kTarget);

    EXPECT_TRUE(is_cut());
}

TEST_F(SwitchSequenceTest, MakesThePulseLongerForASwitchDuringIt) {
    select(kTarget);
    pass(400ms);

    select(kHost);

    pass(499ms);
    EXPECT_TRUE(is_cut());
    pass(1ms);
    EXPECT_FALSE(is_cut());
}

TEST_F(SwitchSequenceTest, KeepsTwoSecondsBetweenPulses) {
    select(kTarget);
    pass(600ms);

    select(kHost);

    EXPECT_FALSE(is_cut());
    pass(1'899ms);
    EXPECT_FALSE(is_cut());
    pass(1ms);
    EXPECT_TRUE(is_cut());
}

TEST_F(SwitchSequenceTest, CutsOnceForSwitchesWhileItWaits) {
    select(kTarget);
    pass(600ms);
    select(kHost);
    select(kTarget);
    select(kHost);

    pass(2'400ms);

    EXPECT_FALSE(is_cut());
    EXPECT_EQ(verified(), Verified::Pending);
}

TEST_F(SwitchSequenceTest, EndsThePulseOfASwitchThatANewerRefusalReplaces) {
    select(kTarget);
    sequence_.asked();
    sequence_.refused();
    EXPECT_TRUE(is_cut());

    pass(500ms);

    EXPECT_FALSE(is_cut());
    EXPECT_EQ(verified(), Verified::No);
}

TEST_F(SwitchSequenceTest, KeepsThePowerOff) {
    sequence_.power_off(now_);

    pass(10s);

    EXPECT_TRUE(is_cut());
}

}  // namespace
}  // namespace minikvm
