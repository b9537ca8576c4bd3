// SPDX-License-Identifier: MIT
// Which card a viewer sees, by a clock that is moved by hand.

#include "v4l2-bridge/card_choice.h"

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using namespace std::chrono_literals;

class CardChoiceTest : public testing::Test {
protected:
    void plug() { choice_.stick(true, now_); }
    void pull() { choice_.stick(false, now_); }
    void watch() { choice_.viewers(true, now_); }
    void leave() { choice_.viewers(false, now_); }
    void signal(std::optional<bool> there) { choice_.signal(there, now_); }
    void picture() { choice_.picture(now_); }
    void pass(std::chrono::milliseconds time) { now_ += time; }
    Card card() const { return choice_.card(now_); }

    /// How long until the card changes if nothing happens.
    std::chrono::milliseconds next() const {
        const auto change = choice_.next_change(now_);
        return change ? std::chrono::duration_cast<std::chrono::milliseconds>(*change - now_)
                      : std::chrono::milliseconds::max();
    }

    static constexpr auto kNever = std::chrono::milliseconds::max();
    TimePoint now_ = TimePoint(1h);
    CardChoice choice_;
};

TEST_F(CardChoiceTest, IsNoneWhileNobodyWatches) {
    pass(1h);

    EXPECT_EQ(card(), Card::None);
    EXPECT_EQ(next(), kNever);
}

TEST_F(CardChoiceTest, IsNoStickAtOnceForAViewerWithoutOne) {
    watch();

    EXPECT_EQ(card(), Card::NoStick);
    EXPECT_EQ(next(), kNever);
}

TEST_F(CardChoiceTest, IsNoSignalAtOnceWhileTheTargetSendsNone) {
    plug();
    signal(false);
    watch();

    EXPECT_EQ(card(), Card::NoSignal);
    EXPECT_EQ(next(), kNever);
}

TEST_F(CardChoiceTest, GivesAFirstPictureHalfASecond) {
    plug();
    watch();

    EXPECT_EQ(card(), Card::None);
    EXPECT_EQ(next(), 500ms);
    pass(499ms);
    EXPECT_EQ(card(), Card::None);
    pass(1ms);
    EXPECT_EQ(card(), Card::Starting);
}

TEST_F(CardChoiceTest, CallsAStickStalledThatDoesNotStartInThreeSeconds) {
    plug();
    watch();

    pass(500ms);
    EXPECT_EQ(next(), 2500ms);
    pass(2500ms);
    EXPECT_EQ(card(), Card::Stalled);
    EXPECT_EQ(next(), kNever);
}

TEST_F(CardChoiceTest, CountsFromWhereTheStreamIsFirstOn) {
    plug();
    watch();
    pass(400ms);

    choice_.stream_on(now_);

    EXPECT_EQ(next(), 500ms);
}

TEST_F(CardChoiceTest, GivesAStreamThatIsStartedAgainInVainNoMoreTime) {
    plug();
    watch();
    choice_.stream_on(now_);
    pass(2900ms);

    choice_.stream_on(now_);

    EXPECT_EQ(next(), 100ms);
}

TEST_F(CardChoiceTest, EndsWithTheFirstPicture) {
    plug();
    watch();
    pass(2s);

    picture();

    EXPECT_EQ(card(), Card::None);
}

TEST_F(CardChoiceTest, IsStalledWhenNoPictureFollowsForASecond) {
    plug();
    watch();
    picture();
    EXPECT_EQ(next(), 1s);

    pass(999ms);
    EXPECT_EQ(card(), Card::None);
    pass(1ms);
    EXPECT_EQ(card(), Card::Stalled);
}

TEST_F(CardChoiceTest, IsNoStickAsSoonAsThatIsPulled) {
    plug();
    watch();
    picture();

    pull();

    EXPECT_EQ(card(), Card::NoStick);
}

TEST_F(CardChoiceTest, StartsOverWhenTheStickIsBack) {
    plug();
    watch();
    picture();
    pull();
    pass(1min);

    plug();

    EXPECT_EQ(card(), Card::None);
    EXPECT_EQ(next(), 500ms);
}

TEST_F(CardChoiceTest, StartsOverWhenTheSignalIsBack) {
    plug();
    watch();
    picture();
    signal(false);
    EXPECT_FALSE(choice_.wants_pictures());
    pass(1min);

    signal(true);

    EXPECT_TRUE(choice_.wants_pictures());
    EXPECT_EQ(card(), Card::None);
    EXPECT_EQ(next(), 500ms);
}

TEST_F(CardChoiceTest, StartsOverForTheNextViewer) {
    plug();
    watch();
    picture();
    leave();
    pass(1min);

    watch();

    EXPECT_EQ(card(), Card::None);
    EXPECT_EQ(next(), 500ms);
}

TEST_F(CardChoiceTest, DoesNotStartOverForTheSameNewsAgain) {
    plug();
    signal(true);
    watch();
    picture();
    pass(999ms);

    plug();
    signal(true);
    watch();

    EXPECT_EQ(next(), 1ms);
}

TEST_F(CardChoiceTest, TakesASignalThatNobodyKnowsOfForThere) {
    plug();
    signal(std::nullopt);
    watch();
    picture();

    EXPECT_TRUE(choice_.wants_pictures());
    EXPECT_EQ(card(), Card::None);
}

}  // namespace
}  // namespace minikvm
