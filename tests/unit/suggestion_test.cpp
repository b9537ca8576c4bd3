// SPDX-License-Identifier: MIT
// "Did you mean": which word is near enough.

#include "protocol/suggestion.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

constexpr std::array<std::string_view, 5> kWords = {"state", "usb/device", "usb/slide",
                                                    "usb/switch", "hdmi/connected"};

TEST(ClosestWord, IsTheOneWithALetterMissing) {
    EXPECT_EQ(closest_word("usb/swich", kWords), "usb/switch");
}

TEST(ClosestWord, IsTheOneWithALetterTooMany) {
    EXPECT_EQ(closest_word("staate", kWords), "state");
}

TEST(ClosestWord, IsTheOneWithTwoLettersSwapped) {
    EXPECT_EQ(closest_word("usb/sldie", kWords), "usb/slide");
}

TEST(ClosestWord, IsTheWordItself) {
    EXPECT_EQ(closest_word("hdmi/connected", kWords), "hdmi/connected");
}

TEST(ClosestWord, IsTheFirstOfSeveral) {
    constexpr std::array<std::string_view, 2> kTwins = {"abcx", "abcy"};

    EXPECT_EQ(closest_word("abcz", kTwins), "abcx");
}

TEST(ClosestWord, IsNoneWhenAThirdIsNotEnough) {
    EXPECT_EQ(closest_word("temperature", kWords), "");
    EXPECT_EQ(closest_word("usb", kWords), "");
}

TEST(ClosestWord, IsNoneWhenThereIsNone) {
    EXPECT_EQ(closest_word("state", {}), "");
}

TEST(ClosestWord, IsNoneForWhatNobodyMeansAsAWord) {
    const std::string long_word(65, 'x');
    const std::array<std::string_view, 1> same = {long_word};

    EXPECT_EQ(closest_word(long_word, same), "");
    EXPECT_EQ(closest_word(long_word, kWords), "");
    EXPECT_EQ(closest_word("state", same), "");
}

}  // namespace
}  // namespace minikvm
