// SPDX-License-Identifier: MIT
// What is tried for a chip that answers at no speed, by a clock that is moved by hand.

#include "device/recovery_ladder.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class RecoveryLadderTest : public testing::Test {
protected:
    Rung after(std::chrono::milliseconds time) {
        now_ += time;
        return ladder_.silent(now_);
    }
    /// Every rung that is due while the chip is silent, asked every three seconds.
    std::vector<Rung> climb(std::chrono::minutes time) {
        std::vector<Rung> rungs;
        for (const TimePoint end = now_ + time; now_ < end;) {
            if (const Rung rung = after(3s); rung != Rung::None) {
                rungs.push_back(rung);
            }
        }
        return rungs;
    }
    /// How long it then is silent until the next climb begins.
    std::chrono::nanoseconds pause() {
        while (after(1s) != Rung::GiveUp) {
        }
        const TimePoint given_up = now_;
        while (after(1s) != Rung::ResetCommand) {
        }
        return now_ - given_up;
    }

    TimePoint now_ = TimePoint(1h);
    RecoveryLadder ladder_;
};

TEST_F(RecoveryLadderTest, TakesOneRungAfterTheOther) {
    EXPECT_THAT(climb(1min),
                ElementsAre(Rung::ResetCommand, Rung::Reopen, Rung::UsbReset, Rung::GiveUp));
    EXPECT_TRUE(ladder_.gave_up());
}

TEST_F(RecoveryLadderTest, GivesEachRungItsTimeToHelp) {
    EXPECT_EQ(after(0ms), Rung::ResetCommand);
    EXPECT_EQ(after(4999ms), Rung::None);
    EXPECT_EQ(after(1ms), Rung::Reopen);
}

TEST_F(RecoveryLadderTest, HasNothingToClimbForWhileTheChipAnswers) {
    EXPECT_FALSE(ladder_.climbing());

    climb(1min);
    ladder_.answered();

    EXPECT_FALSE(ladder_.climbing());
    EXPECT_FALSE(ladder_.gave_up());
}

TEST_F(RecoveryLadderTest, BeginsBelowOnceTheChipHasAnswered) {
    after(0ms);
    after(5s);
    ladder_.answered();

    EXPECT_EQ(after(1ms), Rung::ResetCommand);
}

TEST_F(RecoveryLadderTest, BeginsAnewAfterPausesThatGrowToAnHour) {
    EXPECT_EQ(pause(), 1min);
    EXPECT_EQ(pause(), 2min);
    for (int round = 0; round < 10; ++round) {
        pause();
    }
    EXPECT_EQ(pause(), 60min);
}

TEST_F(RecoveryLadderTest, BeginsAnewWithAReplug) {
    climb(1min);

    ladder_.port_changed(now_);

    EXPECT_EQ(after(1ms), Rung::ResetCommand);
}

TEST_F(RecoveryLadderTest, TakesWhatItsOwnResetDoesForNoReplug) {
    after(0ms);
    after(5s);
    EXPECT_EQ(after(5s), Rung::UsbReset);

    ladder_.port_changed(now_ + 1s);
    ladder_.port_changed(now_ + 2s);

    EXPECT_EQ(after(5s), Rung::GiveUp);
}

TEST_F(RecoveryLadderTest, KnowsAReplugLongAfterItsOwnReset) {
    after(0ms);
    after(5s);
    after(5s);

    ladder_.port_changed(now_ + 11s);

    EXPECT_FALSE(ladder_.climbing());
}

}  // namespace
}  // namespace minikvm
