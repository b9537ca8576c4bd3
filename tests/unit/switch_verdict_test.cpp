// SPDX-License-Identifier: MIT
// What SwitchSequence counts as seen.

#include "tests/unit/switch_sequence_case.h"

namespace minikvm {
namespace {

TEST_F(SwitchSequenceTest, KnowsNothingBeforeTheFirstSwitch) {
    EXPECT_EQ(verified(), Verified::Unknown);
    EXPECT_EQ(sequence_.deadline(), std::nullopt);
}

TEST_F(SwitchSequenceTest, HasSeenTheTargetOnceTheDeviceStaysAwayTwoSeconds) {
    sequence_.device_came();
    select(kTarget);
    sequence_.device_left();

    pass(2'499ms);
    EXPECT_EQ(verified(), Verified::Pending);
    pass(1ms);
    EXPECT_EQ(verified(), Verified::Yes);
}

TEST_F(SwitchSequenceTest, HasNotSeenTheTargetWhenTheDeviceComesBack) {
    sequence_.device_came();
    select(kTarget);
    sequence_.device_left();
    pass(1s);

    sequence_.device_came();

    EXPECT_EQ(verified(), Verified::No);
}

TEST_F(SwitchSequenceTest, HasNotSeenTheTargetWhenTheDeviceNeverLeaves) {
    sequence_.device_came();
    select(kTarget);

    pass(2'500ms);

    EXPECT_EQ(verified(), Verified::No);
}

TEST_F(SwitchSequenceTest, CannotKnowOfTheTargetWithNothingPlugged) {
    select(kTarget);

    pass(10s);

    EXPECT_EQ(verified(), Verified::Unknown);
}

TEST_F(SwitchSequenceTest, BelievesADeviceThatLeavesBeforeTheCellIsReadBack) {
    sequence_.device_came();
    sequence_.asked();
    sequence_.device_left();
    sequence_.switched(kHost, kTarget, now_);

    pass(10s);

    EXPECT_EQ(verified(), Verified::Yes);
}

TEST_F(SwitchSequenceTest, CannotKnowOfTheTargetAfterTheDeviceWasPulledByHand) {
    sequence_.device_came();
    sequence_.device_left();

    select(kTarget);
    pass(10s);

    EXPECT_EQ(verified(), Verified::Unknown);
}

TEST_F(SwitchSequenceTest, HasSeenTheHostAsSoonAsADeviceComes) {
    move_a_device_to_the_target();
    select(kHost);
    pass(1s);

    sequence_.device_came();

    EXPECT_EQ(verified(), Verified::Yes);
    EXPECT_EQ(sequence_.deadline(), std::nullopt);
}

TEST_F(SwitchSequenceTest, HasSeenTheHostWhenTheDeviceCameDespiteThePulse) {
    move_a_device_to_the_target();
    select(kHost);
    sequence_.device_came();  // before the power is cut; one with its own supply stays

    pass(10s);

    EXPECT_EQ(verified(), Verified::Yes);
}

TEST_F(SwitchSequenceTest, DoesNotTakeADeviceForSeenWhileThePowerIsCut) {
    move_a_device_to_the_target();
    select(kHost);
    sequence_.device_came();
    EXPECT_EQ(verified(), Verified::Pending);

    sequence_.device_left();
    pass(10s);

    EXPECT_EQ(verified(), Verified::No);
}

TEST_F(SwitchSequenceTest, HasNotSeenTheHostWhenAKnownDeviceDoesNotCome) {
    move_a_device_to_the_target();

    select(kHost);
    pass(5'499ms);
    EXPECT_EQ(verified(), Verified::Pending);
    pass(1ms);

    EXPECT_EQ(verified(), Verified::No);
}

TEST_F(SwitchSequenceTest, CannotKnowOfADeviceThatWasLookedForInVain) {
    move_a_device_to_the_target();
    select(kHost);
    pass(10s);

    select(kTarget);
    pass(10s);

    EXPECT_EQ(verified(), Verified::Unknown);
}

TEST_F(SwitchSequenceTest, CannotKnowOfTheHostWithNothingPlugged) {
    select(kTarget);
    pass(10s);

    select(kHost);
    pass(10s);

    EXPECT_EQ(verified(), Verified::Unknown);
}

TEST_F(SwitchSequenceTest, SpeaksOfTheNewestSwitch) {
    sequence_.device_came();
    select(kTarget);
    sequence_.device_left();
    pass(600ms);

    select(kHost);
    pass(3s);
    EXPECT_EQ(verified(), Verified::Pending);
    sequence_.device_came();

    EXPECT_EQ(verified(), Verified::Yes);
}

TEST_F(SwitchSequenceTest, HasNotSeenWhatTheCellRefused) {
    sequence_.asked();
    sequence_.refused();

    EXPECT_EQ(verified(), Verified::No);
    EXPECT_FALSE(is_cut());
}

TEST_F(SwitchSequenceTest, LeavesWhatIsKnownWhenNothingWasWritten) {
    move_a_device_to_the_target();

    sequence_.asked();
    sequence_.not_written();

    EXPECT_EQ(verified(), Verified::Yes);
}

TEST_F(SwitchSequenceTest, WatchesWithoutAPulseWhenThePowerCannotBeCut) {
    sequence_.device_came();
    select(kTarget);
    sequence_.no_pulse(now_);
    EXPECT_FALSE(is_cut());
    sequence_.device_left();

    pass(2s);

    EXPECT_EQ(verified(), Verified::Yes);
}

TEST_F(SwitchSequenceTest, ForgetsAllWhenTheStickGoes) {
    sequence_.device_came();
    select(kTarget);

    sequence_.reset();

    EXPECT_FALSE(is_cut());
    EXPECT_EQ(verified(), Verified::Unknown);
    EXPECT_EQ(sequence_.deadline(), std::nullopt);
}

TEST_F(SwitchSequenceTest, HasSeenTheHostWhereTheDeviceIsThereAlready) {
    sequence_.device_came();

    select(kHost);

    EXPECT_EQ(verified(), Verified::Yes);
    EXPECT_FALSE(is_cut());
}

TEST_F(SwitchSequenceTest, HasSeenACycleOnceTheDeviceLeftAndCameBack) {
    sequence_.device_came();
    sequence_.cycle(now_);
    EXPECT_TRUE(is_cut());
    sequence_.device_left();
    pass(500ms);
    EXPECT_FALSE(is_cut());

    sequence_.device_came();

    EXPECT_EQ(verified(), Verified::Yes);
}

TEST_F(SwitchSequenceTest, HasNotSeenACycleOfADeviceThatNeverLeft) {
    sequence_.device_came();
    sequence_.cycle(now_);

    pass(10s);

    EXPECT_EQ(verified(), Verified::No);
}

TEST_F(SwitchSequenceTest, CannotSeeACycleAtTheTarget) {
    move_a_device_to_the_target();
    sequence_.standing(kTarget);
    sequence_.cycle(now_);

    pass(10s);

    EXPECT_EQ(verified(), Verified::Unknown);
}

TEST_F(SwitchSequenceTest, HasSeenThePowerGoWhenTheDeviceLeaves) {
    sequence_.device_came();
    sequence_.power_off(now_);
    EXPECT_EQ(verified(), Verified::Pending);

    sequence_.device_left();

    EXPECT_EQ(verified(), Verified::Yes);
}

TEST_F(SwitchSequenceTest, HasNotSeenThePowerGoFromADeviceThatStays) {
    sequence_.device_came();
    sequence_.power_off(now_);

    pass(3s);

    EXPECT_EQ(verified(), Verified::No);
}

TEST_F(SwitchSequenceTest, MovesWithoutPowerAndCannotSeeIt) {
    sequence_.device_came();
    sequence_.power_off(now_);
    sequence_.device_left();

    select(kTarget);
    pass(10s);

    EXPECT_TRUE(is_cut());
    EXPECT_EQ(verified(), Verified::Unknown);
}

TEST_F(SwitchSequenceTest, HasSeenThePowerComeBackWhenTheDeviceDoes) {
    sequence_.device_came();
    sequence_.power_off(now_);
    sequence_.device_left();
    pass(3s);

    sequence_.power_on(now_);
    sequence_.device_came();

    EXPECT_FALSE(is_cut());
    EXPECT_EQ(verified(), Verified::Yes);
}

}  // namespace
}  // namespace minikvm
