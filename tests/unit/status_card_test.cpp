// SPDX-License-Identifier: MIT
// What is drawn on a card.

#include "v4l2-bridge/status_card.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/jpeg_samples.h"
#include "v4l2-bridge/frame_check.h"
#include "v4l2-bridge/jpeg_encoder.h"

namespace minikvm {
namespace {

constexpr PictureSize kCardSize{640, 480};
constexpr std::uint8_t kLight = 120;  // text, and no background

CardText text(Card card) {
    return {.card = card, .detail = {}, .stick = "desk", .clock = "14:03:59"};
}

/// How many pixels between two rows, and from a column on, are text.
std::size_t light_pixels(const DrawnPicture& picture, std::size_t top, std::size_t bottom,
                         std::size_t left = 0) {
    std::size_t found = 0;
    for (std::size_t row = top; row < bottom; ++row) {
        const auto pixels = picture.luma_row(row).subspan(left);
        found += static_cast<std::size_t>(
            std::ranges::count_if(pixels, [](auto luma) { return luma > kLight; }));
    }
    return found;
}

std::vector<std::uint8_t> pixels(const DrawnPicture& picture) {
    const auto first = picture.luma_row(0);
    return {first.data(), first.data() + std::size_t{kCardSize.width_px} * kCardSize.height_px};
}

TEST(StatusCard, DiffersFromCardToCard) {
    StatusCard card(kCardSize);
    std::vector<std::vector<std::uint8_t>> seen;

    for (const Card each : {Card::Starting, Card::NoSignal, Card::Stalled, Card::NoStick}) {
        seen.push_back(pixels(card.draw(text(each))));
    }

    std::ranges::sort(seen);
    EXPECT_EQ(std::ranges::unique(seen).size(), 0U);
}

TEST(StatusCard, ShowsTheClockBelowOnTheRight) {
    StatusCard card(kCardSize);

    const DrawnPicture& picture = card.draw(text(Card::NoSignal));

    EXPECT_GT(light_pixels(picture, 400, 430, 480), 50U);
}

TEST(StatusCard, MovesTheClockAloneWhenNothingElseChanges) {
    StatusCard card(kCardSize);
    const auto before = pixels(card.draw(text(Card::NoSignal)));
    CardText later = text(Card::NoSignal);
    later.clock = "14:04:00";

    const auto after = pixels(card.draw(later));

    const auto [one, other] = std::ranges::mismatch(before, after);
    ASSERT_NE(one, before.end());
    EXPECT_GT((one - before.begin()) / kCardSize.width_px, 390);
}

TEST(StatusCard, WipesTheTimeBeforeItDrawsTheNext) {
    StatusCard moved(kCardSize);
    moved.draw(text(Card::NoSignal));
    CardText later = text(Card::NoSignal);
    later.clock = "11:11:11";
    StatusCard fresh(kCardSize);

    EXPECT_EQ(pixels(moved.draw(later)), pixels(fresh.draw(later)));
}

TEST(StatusCard, DrawsALongLineSmallerRatherThanBeyondTheEdge) {
    StatusCard card(kCardSize);
    CardText long_text = text(Card::Stalled);
    long_text.detail = std::string(200, 'm');

    const DrawnPicture& picture = card.draw(long_text);

    EXPECT_EQ(light_pixels(picture, 0, kCardSize.height_px, kCardSize.width_px - 8), 0U);
}

TEST(StatusCard, FitsIntoAnySize) {
    for (const PictureSize size :
         {PictureSize{2, 2}, PictureSize{720, 480}, PictureSize{33, 901}}) {
        StatusCard card(size);

        const DrawnPicture& picture = card.draw(text(Card::NoStick));

        EXPECT_EQ(picture.size(), size);
    }
}

TEST(StatusCard, IsAWholeJpegOfItsSizeOnceItIsCoded) {
    StatusCard card(kCardSize);
    JpegEncoder encoder = JpegEncoder::create(kCardSize).value();

    const auto jpeg = encoder.encode(card.draw(text(Card::NoSignal))).value();

    EXPECT_EQ(check_frame(jpeg, DriverVerdict::Good, kCardSize), FrameVerdict::Whole);
    EXPECT_FALSE(is_uniform(jpeg));
}

TEST(StatusCard, HasTheNamesOfTheDocument) {
    EXPECT_EQ(name_of(Card::None), "none");
    EXPECT_EQ(name_of(Card::Starting), "starting");
    EXPECT_EQ(name_of(Card::NoSignal), "no-signal");
    EXPECT_EQ(name_of(Card::Stalled), "stalled");
    EXPECT_EQ(name_of(Card::NoStick), "no-stick");
}

TEST(Text, HasDigitsOfOneWidth) {
    for (const char* digit : {"1", "2", "3", "4", "5", "6", "7", "8", "9"}) {
        EXPECT_FLOAT_EQ(text_width_px(digit, 24), text_width_px("0", 24));
    }
}

TEST(Text, HasALetterForEachThatANameMayHave) {
    const std::string_view letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    for (const char letter : letters) {
        DrawnPicture picture({64, 64}, {});

        draw_text(picture, {8, 8}, {36, 255}, std::string_view(&letter, 1));

        EXPECT_GT(light_pixels(picture, 0, 64), 5U) << letter;
    }
}

TEST(Text, StaysInsideThePicture) {
    DrawnPicture picture({16, 16}, {});

    draw_text(picture, {-20, -20}, {200, 255}, "Outside");
    draw_text(picture, {1000, 1000}, {200, 255}, "Outside");

    EXPECT_EQ(picture.size(), (PictureSize{16, 16}));
}

}  // namespace
}  // namespace minikvm
