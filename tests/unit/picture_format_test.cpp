// SPDX-License-Identifier: MIT
// The camera's picture formats, as V4L2 and users name them.

#include "v4l2-bridge/picture_format.h"

#include <linux/videodev2.h>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

TEST(PictureFormat, IsKnownByItsFourLetterCode) {
    EXPECT_EQ(fourcc(PictureFormat::Yu12), V4L2_PIX_FMT_YUV420);
    EXPECT_EQ(format_of_fourcc(V4L2_PIX_FMT_NV12), PictureFormat::Nv12);
    EXPECT_EQ(format_of_fourcc(V4L2_PIX_FMT_RGB24), std::nullopt);
}

TEST(PictureFormat, IsKnownByItsName) {
    EXPECT_EQ(name_of(PictureFormat::Mjpg), "mjpg");
    EXPECT_EQ(format_named("yuyv"), PictureFormat::Yuyv);
    EXPECT_EQ(format_named("YUYV"), std::nullopt);
}

TEST(PictureFormat, TellsHowLargeARawPictureIs) {
    EXPECT_EQ(picture_bytes(PictureFormat::Yuyv, {1280, 720}), 1280U * 720 * 2);
    EXPECT_EQ(picture_bytes(PictureFormat::Nv12, {1280, 720}), 1280U * 720 * 3 / 2);
}

TEST(PictureFormat, KnowsNoSizeOfAJpeg) {
    EXPECT_EQ(picture_bytes(PictureFormat::Mjpg, {1280, 720}), std::nullopt);
}

TEST(PictureFormat, HasNoHalfColours) {
    EXPECT_EQ(picture_bytes(PictureFormat::Yuyv, {1367, 768}), std::nullopt);
    EXPECT_EQ(picture_bytes(PictureFormat::Yu12, {1366, 767}), std::nullopt);
}

TEST(PictureFormat, StandsBehindSizeAndRateInTheLog) {
    EXPECT_EQ(to_string(CameraMode{{{1280, 720}, 60}, PictureFormat::Yuyv}), "1280x720@60 yuyv");
}

}  // namespace
}  // namespace minikvm
