// SPDX-License-Identifier: MIT
// ScreenshotRequests: who is answered, and when at the latest.

#include "v4l2-bridge/screenshot_requests.h"

#include <gtest/gtest.h>

namespace minikvm {
namespace {

constexpr TimePoint kStart{std::chrono::seconds(100)};
constexpr auto kLongest = ScreenshotRequests::kLongest;

class AScreenshotQueue : public testing::Test {
protected:
    void ask(TimePoint now, ScreenshotWish wish = ScreenshotWish::Target) {
        requests_.add(
            wish, [](const auto&) {}, now);
    }

    ScreenshotRequests requests_;
};

TEST_F(AScreenshotQueue, IsEmptyAndHasNoDeadlineAtFirst) {
    EXPECT_TRUE(requests_.empty());
    EXPECT_EQ(requests_.deadline(), std::nullopt);
}

TEST_F(AScreenshotQueue, HasTheDeadlineOfTheFirstWhoCame) {
    ask(kStart);
    ask(kStart + std::chrono::seconds(1));

    EXPECT_EQ(requests_.deadline(), kStart + kLongest);
}

TEST_F(AScreenshotQueue, GivesAllWhoWaitWithTheirWishes) {
    ask(kStart);
    ask(kStart, ScreenshotWish::TargetOrCard);

    const auto all = requests_.take_all();

    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].wish, ScreenshotWish::Target);
    EXPECT_EQ(all[1].wish, ScreenshotWish::TargetOrCard);
    EXPECT_TRUE(requests_.empty());
}

TEST_F(AScreenshotQueue, GivesThoseWhoHaveWaitedForTooLongAlone) {
    ask(kStart);
    ask(kStart + std::chrono::milliseconds(1));

    EXPECT_TRUE(requests_.take_overdue(kStart + kLongest - std::chrono::milliseconds(1)).empty());
    EXPECT_EQ(requests_.take_overdue(kStart + kLongest).size(), 1U);

    EXPECT_EQ(requests_.deadline(), kStart + kLongest + std::chrono::milliseconds(1));
}

}  // namespace
}  // namespace minikvm
