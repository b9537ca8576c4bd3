// SPDX-License-Identifier: MIT
// CameraRoster, with a clock in the test's hand.

#include "v4l2-bridge/camera_roster.h"

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using Kind = RosterStep::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kShortOf = milliseconds(1);

/// Cameras at /dev/video10, 11 and so on, of which there may be four.
class Roster : public testing::Test {
protected:
    explicit Roster() { roster_.added(10, now_); }

    /// What is to be done now, all of it; `Add` is answered as the set would.
    std::vector<RosterStep> steps() {
        std::vector<RosterStep> all;
        while (const auto step = roster_.next(now_)) {
            all.push_back(*step);
            if (step->kind == Kind::Add) {
                roster_.added(next_number_++, now_);
            } else if (step->kind == Kind::Remove) {
                roster_.removed(step->number);
            }
        }
        return all;
    }
    void watch(unsigned number) { roster_.viewers_are(number, 1, now_); }
    void leave(unsigned number) { roster_.viewers_are(number, 0, now_); }

    TimePoint now_{std::chrono::hours(1)};
    unsigned next_number_ = 11;
    CameraRoster roster_{4};
};

const std::vector<RosterStep> kNothing;
const std::vector<RosterStep> kAdd{{Kind::Add}};

TEST_F(Roster, WantsNothingWhileACameraIsFree) {
    EXPECT_EQ(steps(), kNothing);
    EXPECT_FALSE(roster_.deadline());
}

TEST_F(Roster, WantsAnotherWhenTheLastFreeOneIsTaken) {
    watch(10);

    EXPECT_EQ(steps(), kAdd);
    EXPECT_EQ(roster_.free_camera(), 11U);
}

TEST_F(Roster, WantsOneAtATime) {
    watch(10);

    EXPECT_EQ(roster_.next(now_), RosterStep{Kind::Add});
    EXPECT_EQ(roster_.next(now_), std::nullopt);
}

TEST_F(Roster, WantsNoMoreThanThereMayBe) {
    for (const unsigned number : {10U, 11U, 12U}) {
        watch(number);
        EXPECT_EQ(steps(), kAdd);
    }
    watch(13);

    EXPECT_EQ(steps(), kNothing);
    EXPECT_EQ(roster_.viewers(), 4U);
}

TEST_F(Roster, PointsToTheLastOneWhenAllAreTaken) {
    for (const unsigned number : {10U, 11U, 12U, 13U}) {
        watch(number);
        steps();
    }

    EXPECT_EQ(roster_.free_camera(), 13U);
}

TEST_F(Roster, PointsToTheLowestFreeOne) {
    watch(10);
    steps();
    leave(10);
    now_ += CameraRoster::kLinger;
    steps();

    EXPECT_EQ(roster_.free_camera(), 10U);
}

TEST_F(Roster, PointsPastAFreeOneThatStillHasAPicture) {
    watch(10);
    steps();
    leave(10);

    EXPECT_EQ(roster_.free_camera(), 11U);
}

TEST_F(Roster, PointsToOneThatStillHasAPictureWhenNoOtherIsFree) {
    watch(10);
    leave(10);

    EXPECT_EQ(roster_.free_camera(), 10U);
}

TEST_F(Roster, TriesAgainLaterWhenNoneCouldBeAdded) {
    watch(10);
    ASSERT_EQ(roster_.next(now_), RosterStep{Kind::Add});
    roster_.not_added(now_);

    EXPECT_EQ(roster_.next(now_ + CameraRoster::kRetry - kShortOf), std::nullopt);
    EXPECT_EQ(roster_.deadline(), now_ + CameraRoster::kRetry);
    EXPECT_EQ(roster_.next(now_ + CameraRoster::kRetry), RosterStep{Kind::Add});
}

TEST_F(Roster, RemovesASpareThatNobodyUsesForLong) {
    watch(10);
    steps();
    leave(10);
    const TimePoint left = now_;
    now_ += CameraRoster::kLinger;
    ASSERT_EQ(steps(), (std::vector<RosterStep>{{Kind::Hide, 10}}));

    EXPECT_EQ(roster_.deadline(), left + CameraRoster::kSpare);
    now_ = left + CameraRoster::kSpare;
    EXPECT_EQ(steps(), (std::vector<RosterStep>{{Kind::Remove, 11}}));
    EXPECT_FALSE(roster_.deadline());
}

TEST_F(Roster, KeepsTheOnlyFreeOne) {
    watch(10);
    steps();
    now_ += std::chrono::hours(1);

    EXPECT_EQ(steps(), kNothing);
}

TEST_F(Roster, KeepsTheLowestWhateverComes) {
    watch(10);
    steps();
    watch(11);
    steps();
    leave(10);
    leave(11);
    now_ += std::chrono::hours(1);

    steps();

    EXPECT_EQ(roster_.free_camera(), 10U);
    EXPECT_FALSE(roster_.deadline());
}

TEST_F(Roster, CountsFromTheLastOpenOfASpare) {
    watch(10);
    steps();
    leave(10);
    now_ += CameraRoster::kLinger;
    steps();
    now_ += seconds(5);
    roster_.opened(11, now_);

    EXPECT_EQ(roster_.deadline(), now_ + CameraRoster::kSpare);
}

TEST_F(Roster, AsksAgainLaterForOneThatCannotBeRemovedNow) {
    watch(10);
    steps();
    leave(10);
    now_ += CameraRoster::kSpare;
    ASSERT_EQ(roster_.next(now_), (RosterStep{Kind::Hide, 10}));
    ASSERT_EQ(roster_.next(now_), (RosterStep{Kind::Remove, 11}));

    roster_.kept(11, now_);

    EXPECT_EQ(roster_.next(now_), std::nullopt);
    EXPECT_EQ(roster_.deadline(), now_ + CameraRoster::kSpare);
}

TEST_F(Roster, ShowsFramesOnWatchedCamerasAlone) {
    watch(10);
    steps();

    EXPECT_TRUE(roster_.is_shown(10));
    EXPECT_FALSE(roster_.is_shown(11));
    EXPECT_FALSE(roster_.is_shown(12));
}

TEST_F(Roster, ShowsFramesForAMomentToAViewerWhoMayComeBack) {
    watch(10);
    steps();
    leave(10);
    EXPECT_TRUE(roster_.is_shown(10));

    now_ += CameraRoster::kLinger - kShortOf;
    watch(10);
    now_ += CameraRoster::kLinger;

    EXPECT_EQ(steps(), kNothing);
    EXPECT_TRUE(roster_.is_shown(10));
}

TEST_F(Roster, HidesThePictureOfACameraWhoseViewerStaysAway) {
    watch(10);
    steps();
    leave(10);
    now_ += CameraRoster::kLinger;

    EXPECT_EQ(steps(), (std::vector<RosterStep>{{Kind::Hide, 10}}));
    EXPECT_FALSE(roster_.is_shown(10));
}

TEST_F(Roster, KnowsNoCameraOfAnotherNumber) {
    watch(12);

    EXPECT_EQ(roster_.viewers(), 0U);
    EXPECT_EQ(steps(), kNothing);
}

}  // namespace
}  // namespace minikvm
