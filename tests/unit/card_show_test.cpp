// SPDX-License-Identifier: MIT
// When cards are drawn, by a clock that is moved by hand.

#include "v4l2-bridge/card_show.h"

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using namespace std::chrono_literals;

class CardShowTest : public testing::Test {
protected:
    void show(Card card, const std::string& stick = "desk") {
        const auto done = show_.show({card, {}, stick, {}}, size_, now_, [this](const auto& drawn) {
            ++shown_;
            shown_size_ = drawn.size();
            return Result<void>();
        });
        EXPECT_TRUE(done);
    }

    TimePoint now_ = TimePoint(1h);
    PictureSize size_{64, 48};
    PictureSize shown_size_;
    int shown_ = 0;
    CardShow show_;
};

TEST_F(CardShowTest, DrawsNothingWhileThereIsNoCard) {
    show(Card::None);

    EXPECT_EQ(shown_, 0);
    EXPECT_FALSE(show_.next_time());
}

TEST_F(CardShowTest, DrawsACardAtOnce) {
    show(Card::NoSignal);

    EXPECT_EQ(shown_, 1);
    EXPECT_EQ(show_.card(), Card::NoSignal);
}

TEST_F(CardShowTest, DrawsItAgainTwiceASecond) {
    show(Card::NoSignal);
    EXPECT_EQ(show_.next_time(), now_ + 500ms);

    now_ += 499ms;
    show(Card::NoSignal);
    EXPECT_EQ(shown_, 1);
    now_ += 1ms;
    show(Card::NoSignal);
    EXPECT_EQ(shown_, 2);
}

TEST_F(CardShowTest, DrawsAnotherCardAtOnce) {
    show(Card::NoSignal);

    show(Card::NoStick);

    EXPECT_EQ(shown_, 2);
}

TEST_F(CardShowTest, DrawsAnotherNameAtOnce) {
    show(Card::NoSignal);

    show(Card::NoSignal, "rack-3");

    EXPECT_EQ(shown_, 2);
}

TEST_F(CardShowTest, FollowsTheCamerasSize) {
    show(Card::NoSignal);
    size_ = {32, 32};
    now_ += 500ms;

    show(Card::NoSignal);

    EXPECT_EQ(shown_size_, (PictureSize{32, 32}));
}

TEST_F(CardShowTest, StopsWhenThereIsAPicture) {
    show(Card::NoSignal);

    now_ += 500ms;
    show(Card::None);

    EXPECT_EQ(shown_, 1);
    EXPECT_FALSE(show_.next_time());
}

TEST_F(CardShowTest, DrawsACardAtOnceThatComesBack) {
    show(Card::NoSignal);
    show(Card::None);

    show(Card::NoSignal);

    EXPECT_EQ(shown_, 2);
}

}  // namespace
}  // namespace minikvm
