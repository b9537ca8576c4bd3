// SPDX-License-Identifier: MIT
// Choosing a mode from what a stick offers.

#include "v4l2-bridge/video_mode.h"

#include <vector>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

constexpr PictureSize kFullHd{1920, 1080};
constexpr PictureSize kHd{1280, 720};
constexpr PictureSize kVga{640, 480};
constexpr VideoMode kWanted{kFullHd, 30};

std::optional<VideoMode> chosen(const std::vector<VideoMode>& offered,
                                const VideoMode& wanted = kWanted,
                                std::optional<PictureSize> exactly = std::nullopt) {
    return choose_mode(offered, {wanted, exactly}, kMs2109PixelsPerSecond);
}

TEST(VideoModeChoice, TakesTheWantedModeWhereverItStands) {
    EXPECT_EQ(chosen({{kHd, 30}, {kFullHd, 25}, kWanted, {kFullHd, 5}}), kWanted);
}

TEST(VideoModeChoice, NeverExceedsTheLimitEvenWhenThatIsOfferedAndWanted) {
    // docs/hardware.md 2.5: a firmware that claims 1080p60.
    const VideoMode false_claim{kFullHd, 60};

    EXPECT_EQ(chosen({false_claim, {kFullHd, 30}, {kHd, 60}}, false_claim), kWanted);
}

TEST(VideoModeChoice, AllowsWhatIsExactlyAtTheLimit) {
    EXPECT_EQ(pixels_per_second(kWanted), kMs2109PixelsPerSecond);
    EXPECT_EQ(chosen({kWanted}), kWanted);
}

TEST(VideoModeChoice, TakesTheHighestRateBelowTheWantedOne) {
    EXPECT_EQ(chosen({{kFullHd, 10}, {kFullHd, 25}, {kFullHd, 20}}), (VideoMode{kFullHd, 25}));
}

TEST(VideoModeChoice, TakesTheLowestRateWhenAllAreAbove) {
    EXPECT_EQ(chosen({{kVga, 60}, {kVga, 50}}, {kVga, 30}), (VideoMode{kVga, 50}));
}

TEST(VideoModeChoice, PrefersTheWantedSizeToTheWantedRate) {
    EXPECT_EQ(chosen({{kHd, 30}, {kFullHd, 5}}), (VideoMode{kFullHd, 5}));
}

TEST(VideoModeChoice, TakesTheLargestSizeThatFitsWhenTheWantedOneIsMissing) {
    // A full-speed link has 640x480 alone (docs/hardware.md 2.1).
    EXPECT_EQ(chosen({{kVga, 30}, {kHd, 20}}), (VideoMode{kHd, 20}));
    EXPECT_EQ(chosen({{kVga, 20}, {kVga, 15}}), (VideoMode{kVga, 20}));
}

TEST(VideoModeChoice, TakesTheExactSizeBeforeALargerOneThatFits) {
    EXPECT_EQ(chosen({kWanted, {kHd, 60}, {kHd, 30}}, kWanted, kHd), (VideoMode{kHd, 30}));
}

TEST(VideoModeChoice, TakesAsIfNoneWereExactWhatIsNotOfferedExactly) {
    EXPECT_EQ(chosen({{kHd, 30}, kWanted, {kVga, 30}}, kWanted, PictureSize{1366, 768}), kWanted);
}

TEST(VideoModeChoice, TakesTheSmallestSizeWhenNoneFits) {
    EXPECT_EQ(chosen({{kFullHd, 30}, {kHd, 30}}, {kVga, 30}), (VideoMode{kHd, 30}));
}

TEST(VideoModeChoice, IsNothingWhenNothingIsAllowed) {
    EXPECT_FALSE(chosen({}));
    EXPECT_FALSE(chosen({{kFullHd, 60}}));
    EXPECT_FALSE(chosen({{kFullHd, 0}}));
}

TEST(VideoMode, IsWrittenAsPeopleWriteIt) {
    EXPECT_EQ(to_string(kWanted), "1920x1080@30");
}

TEST(PictureSize, IsReadAsItIsWritten) {
    EXPECT_EQ(size_from(to_string(kFullHd)), kFullHd);
}

TEST(PictureSize, IsNothingElse) {
    for (const auto* text : {"", "x", "1920", "1920x", "x1080", "1920x1080x3", "1920x1080 ",
                             "-1920x1080", "0x1080", "1920X1080", "99999999999x1"}) {
        EXPECT_EQ(size_from(text), std::nullopt) << text;
    }
}

TEST(VideoRate, IsAWholeNumber) {
    EXPECT_EQ(rate_from("30"), 30U);
    EXPECT_EQ(rate_from("29.97"), std::nullopt);
    EXPECT_EQ(rate_from("0"), std::nullopt);
}

}  // namespace
}  // namespace minikvm
