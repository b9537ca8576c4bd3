// SPDX-License-Identifier: MIT
// When SwitchSequence cuts the USB-A port's power, and what it counts as seen.

#include "device/switch_sequence.h"

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr SwitchPosition kHost = SwitchPosition::Host;
constexpr SwitchPosition kTarget = SwitchPosition::Target;

class SwitchSequenceTest : public testing::Test {
protected:
    void select(SwitchPosition position) {
        sequence_.asked();
        const SwitchPosition before = cell_;
        cell_ = position;
        sequence_.switched(before, position, now_);
    }

    // Lets time pass, as the timer would see it.
    void pass(Clock::duration time) {
        const TimePoint until = now_ + time;
        while (sequence_.deadline() && *sequence_.deadline() <= until) {
            now_ = *sequence_.deadline();
            sequence_.expired(now_);
        }
        now_ = until;
    }

    // The device was on our side, and the port went to the target.
    void move_a_device_to_the_target() {
        sequence_.device_came();
        select(kTarget);
        sequence_.device_left();
        pass(10s);
    }

    Verified verified() const { return sequence_.verified(); }
    bool is_cut() const { return sequence_.power() == UsbPower::Off; }

    TimePoint now_ = TimePoint(100s);
    SwitchPosition cell_ = kHost;
    SwitchSequence sequence_;
};

TEST_F(SwitchSequenceTest, CutsThePowerForHalfASecond) {
    select(kTarget);
    EXPECT_TRUE(is_cut());

    pass(499ms);
    EXPECT_TRUE(is_cut());
    pass(1ms);
    EXPECT_FALSE(is_cut());
}

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

// One switch during another.

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

// When something fails.

TEST_F(SwitchSequenceTest, HasNotSeenWhatTheCellRefused) {
    sequence_.asked();
    sequence_.refused();

    EXPECT_EQ(verified(), Verified::No);
    EXPECT_FALSE(is_cut());
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

// The power, for its own sake.

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

TEST_F(SwitchSequenceTest, KeepsThePowerOff) {
    sequence_.power_off(now_);

    pass(10s);

    EXPECT_TRUE(is_cut());
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
