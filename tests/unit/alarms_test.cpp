// SPDX-License-Identifier: MIT
// When alarms ring, by a clock that is moved by hand.

#include "common/alarms.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using namespace std::chrono_literals;

class AlarmsTest : public testing::Test {
protected:
    TimePoint now_ = TimePoint(1h);
    std::optional<TimePoint> wake_at_;
    int told_ = 0;
    Alarms alarms_{[this] { return now_; },
                   [this](std::optional<TimePoint> deadline) {
                       wake_at_ = deadline;
                       ++told_;
                   }};
    std::string rung_;
    Alarm first_{alarms_, [this] { rung_ += '1'; }};
    Alarm second_{alarms_, [this] { rung_ += '2'; }};
};

TEST_F(AlarmsTest, RingOnceWhenTheirTimeHasCome) {
    first_.arm_after(2s);

    now_ += 1s;
    alarms_.ring();
    EXPECT_EQ(rung_, "");
    now_ += 1s;
    alarms_.ring();
    alarms_.ring();

    EXPECT_EQ(rung_, "1");
    EXPECT_FALSE(first_.armed());
}

TEST_F(AlarmsTest, RingTheEarliestFirst) {
    first_.arm_after(2s);
    second_.arm_after(1s);

    now_ += 3s;
    alarms_.ring();

    EXPECT_EQ(rung_, "21");
}

TEST_F(AlarmsTest, WantToBeWokenForTheEarliest) {
    first_.arm_after(2s);
    second_.arm_after(1s);
    EXPECT_EQ(wake_at_, now_ + 1s);

    second_.disarm();
    EXPECT_EQ(wake_at_, now_ + 2s);
    first_.disarm();
    EXPECT_EQ(wake_at_, std::nullopt);
}

TEST_F(AlarmsTest, SayNothingOfATimeThatStaysTheSame) {
    first_.arm_after(1s);
    told_ = 0;

    second_.arm_after(2s);
    first_.arm_after(1s);

    EXPECT_EQ(told_, 0);
}

TEST_F(AlarmsTest, WantToBeWokenAgainForTheNext) {
    first_.arm_after(1s);
    second_.arm_after(2s);

    now_ += 1s;
    wake_at_.reset();
    alarms_.ring();

    EXPECT_EQ(wake_at_, now_ + 1s);
}

TEST_F(AlarmsTest, WantToBeWokenAgainWhereSomebodyCameTooEarly) {
    first_.arm_after(1s);
    wake_at_.reset();

    alarms_.ring();

    EXPECT_EQ(wake_at_, now_ + 1s);
}

TEST_F(AlarmsTest, RingNoneThatAnotherHasPutOff) {
    Alarm eager(alarms_, [this] { first_.arm_after(1s); });
    eager.arm_at(now_ - 1s);
    first_.arm_at(now_);

    alarms_.ring();

    EXPECT_EQ(rung_, "");
    EXPECT_EQ(wake_at_, now_ + 1s);
}

TEST_F(AlarmsTest, RingNoneTwiceAtOnce) {
    int rung = 0;
    std::optional<Alarm> again;
    again.emplace(alarms_, [&] {
        ++rung;
        again->arm_at(now_);
    });
    again->arm_at(now_);

    alarms_.ring();

    EXPECT_EQ(rung, 1);
    EXPECT_EQ(wake_at_, now_);
}

TEST_F(AlarmsTest, ForgetOneThatIsDestroyed) {
    {
        Alarm gone(alarms_, [this] { rung_ += 'x'; });
        gone.arm_at(now_);
    }
    EXPECT_EQ(wake_at_, std::nullopt);

    alarms_.ring();

    EXPECT_EQ(rung_, "");
}

}  // namespace
}  // namespace minikvm
