// SPDX-License-Identifier: MIT
// What is tried when a stick falls silent, by a clock that is moved by hand.

#include "v4l2-bridge/stall_watch.h"

#include <vector>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using namespace std::chrono_literals;

class StallWatchTest : public testing::Test {
protected:
    /// A stream that has delivered, with a signal.
    void stream() {
        watch_.signal(true, now_);
        watch_.stream(true, now_);
        watch_.frame(now_);
    }
    void restart() {
        watch_.stream(false, now_);
        watch_.stream(true, now_);
    }
    Remedy after(std::chrono::milliseconds time) {
        now_ += time;
        return watch_.take_due(now_);
    }
    /// As a pump does: waits as long as it is told to, then does what is due.
    std::chrono::milliseconds wait_for(Remedy remedy) {
        const TimePoint from = now_;
        now_ = watch_.deadline().value();
        EXPECT_EQ(watch_.take_due(now_), remedy);
        restart();
        return std::chrono::duration_cast<std::chrono::milliseconds>(now_ - from);
    }

    TimePoint now_ = TimePoint(1h);
    StallWatch watch_{3s};
};

TEST_F(StallWatchTest, DoesNothingWhileFramesCome) {
    stream();

    for (int frame = 0; frame < 100; ++frame) {
        EXPECT_EQ(after(2999ms), Remedy::None);
        watch_.frame(now_);
    }
}

TEST_F(StallWatchTest, StartsASilentStreamAnewAtTheLimit) {
    stream();

    EXPECT_EQ(after(2999ms), Remedy::None);
    EXPECT_EQ(after(1ms), Remedy::Restart);
    EXPECT_EQ(after(0ms), Remedy::None);
}

TEST_F(StallWatchTest, ResetsTheStickWhenThatDidNotHelp) {
    stream();
    EXPECT_EQ(wait_for(Remedy::Restart), 3s);

    EXPECT_EQ(wait_for(Remedy::Reset), 3s);
}

TEST_F(StallWatchTest, GoesOnInTurnAfterEverLongerTimes) {
    stream();
    wait_for(Remedy::Restart);
    wait_for(Remedy::Reset);

    EXPECT_EQ(wait_for(Remedy::Restart), 6s);
    EXPECT_EQ(wait_for(Remedy::Reset), 12s);
    EXPECT_EQ(wait_for(Remedy::Restart), 24s);
    EXPECT_EQ(wait_for(Remedy::Reset), 48s);
    EXPECT_EQ(wait_for(Remedy::Restart), 60s);
    EXPECT_EQ(wait_for(Remedy::Reset), 60s);
}

TEST_F(StallWatchTest, BeginsWithARestartAgainAfterAFrame) {
    stream();
    wait_for(Remedy::Restart);
    wait_for(Remedy::Reset);

    watch_.frame(now_);

    EXPECT_EQ(watch_.tried(), 0U);
    EXPECT_EQ(wait_for(Remedy::Restart), 3s);
}

TEST_F(StallWatchTest, GivesAFirstFrameTwoSecondsWhateverTheLimit) {
    watch_ = StallWatch(500ms);
    watch_.signal(true, now_);
    watch_.stream(true, now_);
    EXPECT_EQ(after(1999ms), Remedy::None);

    watch_.frame(now_);

    EXPECT_EQ(after(500ms), Remedy::Restart);
}

TEST_F(StallWatchTest, DoesNothingWithoutASignal) {
    stream();
    watch_.signal(false, now_);

    EXPECT_EQ(after(1h), Remedy::None);
    EXPECT_FALSE(watch_.deadline());
}

TEST_F(StallWatchTest, DoesNothingWhileNobodyKnowsOfASignal) {
    stream();
    watch_.signal(std::nullopt, now_);

    EXPECT_EQ(after(1h), Remedy::None);
}

TEST_F(StallWatchTest, CountsSilenceFromWhereTheSignalCameBack) {
    stream();
    watch_.signal(false, now_);
    EXPECT_EQ(after(1h), Remedy::None);
    watch_.signal(true, now_);

    EXPECT_EQ(after(2999ms), Remedy::None);
    EXPECT_EQ(after(1ms), Remedy::Restart);
}

TEST_F(StallWatchTest, DoesNothingWhileTheStreamIsOff) {
    stream();
    watch_.stream(false, now_);

    EXPECT_EQ(after(1h), Remedy::None);
    EXPECT_FALSE(watch_.deadline());
}

TEST_F(StallWatchTest, RemembersWhatItTriedOverTheResetsOwnUnplug) {
    stream();
    wait_for(Remedy::Restart);
    wait_for(Remedy::Reset);

    now_ += 1s;
    watch_.stream(false, now_);
    watch_.node_gone(now_);
    watch_.stream(true, now_);

    EXPECT_EQ(wait_for(Remedy::Restart), 6s);
}

TEST_F(StallWatchTest, ForgetsWhatItTriedWhenTheStickIsPulled) {
    stream();
    wait_for(Remedy::Restart);
    wait_for(Remedy::Reset);

    now_ += 11s;
    watch_.stream(false, now_);
    watch_.node_gone(now_);
    watch_.stream(true, now_);

    EXPECT_EQ(wait_for(Remedy::Restart), 3s);
}

}  // namespace
}  // namespace minikvm
