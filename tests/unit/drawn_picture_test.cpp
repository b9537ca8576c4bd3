// SPDX-License-Identifier: MIT
// Pictures of our own, in each format that a camera can have.

#include "v4l2-bridge/drawn_picture.h"

#include <gtest/gtest.h>

#include "v4l2-bridge/jpeg_decoder.h"
#include "v4l2-bridge/jpeg_encoder.h"

namespace minikvm {
namespace {

constexpr PictureSize kSize{16, 4};
constexpr Colour kGround{10, 20, 30};
constexpr Colour kMark{200, 60, 70};

std::vector<std::uint8_t> packed(const DrawnPicture& picture, PictureFormat format) {
    std::vector<std::uint8_t> bytes(picture_bytes(format, picture.size()).value());
    picture.pack(format, bytes);
    return bytes;
}

TEST(DrawnPicture, FillsAnAreaAndNothingElse) {
    DrawnPicture picture(kSize, kGround);

    picture.fill({2, 1, 2, 1}, kMark);

    EXPECT_EQ(picture.luma_row(1)[1], kGround.luma);
    EXPECT_EQ(picture.luma_row(1)[2], kMark.luma);
    EXPECT_EQ(picture.luma_row(1)[4], kGround.luma);
    EXPECT_EQ(picture.luma_row(0)[2], kGround.luma);
    EXPECT_EQ(picture.blue_row(1)[1], kMark.blue);
    EXPECT_EQ(picture.red_row(1)[2], kGround.red);
}

TEST(DrawnPicture, DrawsNothingOutside) {
    DrawnPicture picture(kSize, kGround);

    picture.fill({14, 3, 1000, 1000}, kMark);
    picture.fill({1000, 1000, 1, 1}, kMark);

    EXPECT_EQ(picture.luma_row(3)[15], kMark.luma);
    EXPECT_EQ(picture.luma_row(2)[15], kGround.luma);
}

TEST(DrawnPicture, PacksYuyvPixelByPixel) {
    DrawnPicture picture(kSize, kGround);
    picture.fill({2, 0, 2, 1}, kMark);

    const auto bytes = packed(picture, PictureFormat::Yuyv);

    EXPECT_EQ(std::vector(bytes.begin(), bytes.begin() + 8),
              (std::vector<std::uint8_t>{10, 20, 10, 30, 200, 60, 200, 70}));
}

TEST(DrawnPicture, PacksEachRawFormatAsADecoderWouldHaveMadeIt) {
    constexpr PictureSize kLarge{64, 32};
    DrawnPicture picture(kLarge, kGround);
    picture.fill({16, 16, 16, 16}, kMark);
    JpegEncoder encoder = JpegEncoder::create(kLarge).value();
    const auto jpeg = encoder.encode(picture).value();

    for (const auto format : {PictureFormat::Yuyv, PictureFormat::Yu12, PictureFormat::Nv12}) {
        JpegDecoder decoder = JpegDecoder::create(format, kLarge).value();
        std::vector<std::uint8_t> decoded(decoder.picture_bytes());
        ASSERT_TRUE(decoder.decode(jpeg, decoded));

        const auto own = packed(picture, format);

        for (std::size_t at = 0; at < own.size(); ++at) {
            ASSERT_NEAR(own[at], decoded[at], 3) << name_of(format) << " byte " << at;
        }
    }
}

}  // namespace
}  // namespace minikvm
