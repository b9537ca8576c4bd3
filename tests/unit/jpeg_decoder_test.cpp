// SPDX-License-Identifier: MIT
// Decoding JPEGs of both samplings into each raw format.

#include "v4l2-bridge/jpeg_decoder.h"

#include <turbojpeg.h>

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "tests/unit/error_of.h"
#include "tests/unit/jpeg_samples.h"

namespace minikvm {
namespace {

using test::Bytes;

// No multiple of the blocks that JPEG codes, in either direction.
constexpr PictureSize kCodedSize{52, 38};
constexpr std::size_t kPixels = std::size_t{kCodedSize.width_px} * kCodedSize.height_px;

// BT.601, full range: what (200, 60, 30) is in YCbCr. Coding costs a step or two.
constexpr int kLuma = 98;
constexpr int kBlue = 89;
constexpr int kRed = 200;
constexpr int kTolerance = 3;

Bytes coloured_jpeg(int sampling) {
    Bytes pixels;
    for (std::size_t pixel = 0; pixel < kPixels; ++pixel) {
        pixels.insert(pixels.end(), {200, 60, 30});
    }
    return test::jpeg(kCodedSize, pixels, sampling);
}

/// A light upper half and a dark lower one.
Bytes halved_jpeg(int sampling) {
    Bytes pixels = test::uniform_pixels(kCodedSize, 240);
    std::fill(pixels.begin() + static_cast<std::ptrdiff_t>(pixels.size() / 2), pixels.end(), 16);
    return test::jpeg(kCodedSize, pixels, sampling);
}

Bytes decoded(PictureFormat format, const Bytes& jpeg) {
    auto decoder = JpegDecoder::create(format, kCodedSize);
    EXPECT_TRUE(decoder);
    Bytes picture(decoder->picture_bytes());
    EXPECT_TRUE(decoder->decode(jpeg, picture));
    return picture;
}

/// Says where `picture` has other samples than `wanted`, over and over; empty when nowhere.
std::string difference(std::span<const std::uint8_t> picture, const std::vector<int>& wanted) {
    for (std::size_t sample = 0; sample < picture.size(); ++sample) {
        const int right = wanted[sample % wanted.size()];
        if (std::abs(picture[sample] - right) > kTolerance) {
            return std::to_string(picture[sample]) + " at " + std::to_string(sample);
        }
    }
    return {};
}

class EachSampling : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(JpegDecoder, EachSampling, testing::Values(TJSAMP_422, TJSAMP_420));

TEST_P(EachSampling, BecomesPackedYuyv) {
    const Bytes picture = decoded(PictureFormat::Yuyv, coloured_jpeg(GetParam()));

    EXPECT_EQ(picture.size(), 2 * kPixels);
    EXPECT_EQ(difference(picture, {kLuma, kBlue, kLuma, kRed}), "");
}

TEST_P(EachSampling, BecomesThreePlanesOfYu12) {
    const Bytes picture = decoded(PictureFormat::Yu12, coloured_jpeg(GetParam()));
    const std::span planes(picture);

    EXPECT_EQ(difference(planes.first(kPixels), {kLuma}), "");
    EXPECT_EQ(difference(planes.subspan(kPixels, kPixels / 4), {kBlue}), "");
    EXPECT_EQ(difference(planes.subspan(kPixels + kPixels / 4), {kRed}), "");
}

TEST_P(EachSampling, BecomesTwoPlanesOfNv12) {
    const Bytes picture = decoded(PictureFormat::Nv12, coloured_jpeg(GetParam()));
    const std::span planes(picture);

    EXPECT_EQ(difference(planes.first(kPixels), {kLuma}), "");
    EXPECT_EQ(difference(planes.subspan(kPixels), {kBlue, kRed}), "");
}

TEST_P(EachSampling, KeepsItsRowsInTheirOrder) {
    const Bytes picture = decoded(PictureFormat::Yuyv, halved_jpeg(GetParam()));

    EXPECT_GT(picture.front(), 200);
    EXPECT_LT(picture[picture.size() - 2], 50);
}

TEST(JpegDecoder, DecodesOneFrameAfterAnother) {
    auto decoder = JpegDecoder::create(PictureFormat::Yuyv, kCodedSize);
    Bytes picture(decoder->picture_bytes());
    ASSERT_TRUE(decoder->decode(test::uniform_jpeg(kCodedSize, 200), picture));

    ASSERT_TRUE(decoder->decode(test::uniform_jpeg(kCodedSize, 50, TJSAMP_420), picture));

    EXPECT_EQ(difference(picture, {50, 128}), "");
}

TEST(JpegDecoder, IsNotMadeForJpegs) {
    EXPECT_EQ(error_of(JpegDecoder::create(PictureFormat::Mjpg, kCodedSize)),
              std::errc::invalid_argument);
}

// Every way a frame can be wrong.

std::error_code refusal(const Bytes& jpeg) {
    auto decoder = JpegDecoder::create(PictureFormat::Yuyv, kCodedSize);
    Bytes picture(decoder->picture_bytes());
    return error_of(decoder->decode(jpeg, picture));
}

TEST(JpegDecoder, RefusesWhatIsNoJpeg) {
    EXPECT_EQ(refusal(Bytes(100, 0)), std::errc::bad_message);
}

TEST(JpegDecoder, RefusesAnotherSize) {
    EXPECT_EQ(refusal(test::uniform_jpeg({52, 40}, 100)), std::errc::bad_message);
}

TEST(JpegDecoder, RefusesOtherSamplings) {
    EXPECT_EQ(refusal(test::uniform_jpeg(kCodedSize, 100, TJSAMP_444)), std::errc::bad_message);
    EXPECT_EQ(refusal(test::uniform_jpeg(kCodedSize, 100, TJSAMP_GRAY)), std::errc::bad_message);
}

TEST(JpegDecoder, RefusesAScanThatEndsEarly) {
    Bytes jpeg = halved_jpeg(TJSAMP_422);
    jpeg.erase(jpeg.end() - 40, jpeg.end() - 2);

    EXPECT_EQ(refusal(jpeg), std::errc::bad_message);
}

TEST(JpegDecoder, TakesFillingBeforeTheEnd) {
    Bytes jpeg = halved_jpeg(TJSAMP_422);
    const Bytes wanted = decoded(PictureFormat::Yuyv, jpeg);
    jpeg.insert(jpeg.end() - 2, {0, 0, 0, 0});

    EXPECT_EQ(decoded(PictureFormat::Yuyv, jpeg), wanted);
}

TEST(JpegDecoder, RefusesTheRestOfALostPieceBeforeARestart) {
    Bytes jpeg = test::uniform_jpeg(kCodedSize, 100, TJSAMP_422, test::Restarts::EachRow);
    ASSERT_EQ(refusal(jpeg), std::error_code());
    constexpr std::array<std::uint8_t, 2> kRestart = {0xFF, 0xD1};
    const auto restart = std::ranges::search(jpeg, kRestart);
    ASSERT_FALSE(restart.empty());

    jpeg.insert(restart.begin(), {0, 0, 0, 0});

    EXPECT_EQ(refusal(jpeg), std::errc::bad_message);
}

}  // namespace
}  // namespace minikvm
