// SPDX-License-Identifier: MIT
// PictureMaker in front of cameras that remember.

#include "v4l2-bridge/picture_maker.h"

#include <array>

#include <gtest/gtest.h>

#include "tests/fakes/recording_output.h"
#include "tests/unit/jpeg_samples.h"

namespace minikvm {
namespace {

constexpr PictureSize kCameraSize{64, 16};
constexpr std::size_t kYuyvBytes = std::size_t{2} * 64 * 16;
constexpr timeval kNow{100, 5};

PictureMaker maker_of(PictureFormat format) {
    return PictureMaker::create({{kCameraSize, 30}, format}).value();
}

/// Three cameras of one kind, all watched.
class ThreeCameras : public testing::TestWithParam<Taking> {
protected:
    Result<Shown> show(std::span<const std::uint8_t> jpeg) {
        return maker_.show(jpeg, kNow, std::array<FrameOutput*, 3>{&first_, &second_, &third_});
    }

    Result<void> draw(std::uint8_t luma) {
        return maker_.show_drawn(DrawnPicture(kCameraSize, {.luma = luma}), kNow,
                                 std::array<FrameOutput*, 3>{&first_, &second_, &third_});
    }

    PictureMaker maker_ = maker_of(PictureFormat::Yuyv);
    RecordingOutput first_{GetParam(), kYuyvBytes};
    RecordingOutput second_{GetParam(), kYuyvBytes};
    RecordingOutput third_{GetParam(), kYuyvBytes};
};
INSTANTIATE_TEST_SUITE_P(PictureMaker, ThreeCameras,
                         testing::Values(Taking::Mapped, Taking::Written));

TEST_P(ThreeCameras, AllShowThePicture) {
    EXPECT_EQ(show(test::uniform_jpeg(kCameraSize, 90)), Shown::Decoded);

    EXPECT_EQ(first_.shown.size(), kYuyvBytes);
    EXPECT_NEAR(first_.shown.front(), 90, 2);
    EXPECT_EQ(second_.shown, first_.shown);
    EXPECT_EQ(third_.shown, first_.shown);
    EXPECT_EQ(third_.shown_at.tv_usec, kNow.tv_usec);
}

TEST_P(ThreeCameras, ShowAFrameThatRepeatsTheLastWithoutDecodingIt) {
    const test::Bytes jpeg = test::uniform_jpeg(kCameraSize, 90);
    ASSERT_EQ(show(jpeg), Shown::Decoded);
    const auto before = third_.shown;

    EXPECT_EQ(show(jpeg), Shown::Repeated);

    EXPECT_EQ(third_.shown, before);
    EXPECT_EQ(first_.pictures, 2U);
    EXPECT_EQ(third_.pictures, 2U);
}

TEST_P(ThreeCameras, AllShowADrawnPicture) {
    ASSERT_TRUE(draw(60));

    EXPECT_EQ(first_.shown.size(), kYuyvBytes);
    EXPECT_EQ(first_.shown.front(), 60);
    EXPECT_EQ(third_.shown, first_.shown);
}

TEST_P(ThreeCameras, ShowTheSameFrameAgainBehindADrawnPicture) {
    const test::Bytes jpeg = test::uniform_jpeg(kCameraSize, 90);
    ASSERT_EQ(show(jpeg), Shown::Decoded);
    ASSERT_TRUE(draw(60));

    ASSERT_TRUE(show(jpeg));

    EXPECT_NEAR(first_.shown.front(), 90, 2);
    EXPECT_EQ(third_.shown, first_.shown);
}

TEST_P(ThreeCameras, DecodeAnewWhatComesAfterAnotherPicture) {
    const test::Bytes jpeg = test::uniform_jpeg(kCameraSize, 90);
    ASSERT_EQ(show(jpeg), Shown::Decoded);
    ASSERT_EQ(show(test::uniform_jpeg(kCameraSize, 200)), Shown::Decoded);

    EXPECT_EQ(show(jpeg), Shown::Decoded);

    EXPECT_NEAR(second_.shown.front(), 90, 2);
}

TEST_P(ThreeCameras, KeepTheirPictureWhenAFrameCannotBeDecoded) {
    ASSERT_EQ(show(test::uniform_jpeg(kCameraSize, 90)), Shown::Decoded);

    const Result<Shown> shown = show(test::uniform_jpeg({32, 16}, 200));

    ASSERT_FALSE(shown);
    EXPECT_EQ(shown.error().code, std::errc::bad_message);
    EXPECT_EQ(first_.pictures, 1U);
    EXPECT_EQ(second_.pictures, 1U);
}

TEST_P(ThreeCameras, DecodeThePictureAgainThatABrokenOneFollowed) {
    const test::Bytes jpeg = test::uniform_jpeg(kCameraSize, 90);
    ASSERT_EQ(show(jpeg), Shown::Decoded);
    ASSERT_FALSE(show(test::uniform_jpeg({32, 16}, 200)));

    EXPECT_EQ(show(jpeg), Shown::Decoded);
}

TEST_P(ThreeCameras, GoOnWhenOneOfThemIsGone) {
    second_.is_gone = true;

    const Result<Shown> shown = show(test::uniform_jpeg(kCameraSize, 90));

    ASSERT_FALSE(shown);
    EXPECT_EQ(shown.error().code, std::errc::no_such_device);
    EXPECT_EQ(third_.pictures, 1U);
}

TEST_P(ThreeCameras, BringTheLastPictureToANewcomerWithoutDecodingIt) {
    const test::Bytes jpeg = test::uniform_jpeg(kCameraSize, 90);
    ASSERT_EQ(maker_.show(jpeg, kNow, std::array<FrameOutput*, 1>{&first_}), Shown::Decoded);

    EXPECT_EQ(show(jpeg), Shown::Repeated);

    EXPECT_EQ(second_.shown, first_.shown);
}

TEST_P(ThreeCameras, DecodeAnewForOneThatShowedSomethingElseMeanwhile) {
    const test::Bytes jpeg = test::uniform_jpeg(kCameraSize, 90);
    ASSERT_EQ(show(jpeg), Shown::Decoded);
    for (RecordingOutput* camera : {&first_, &second_, &third_}) {
        ASSERT_TRUE(maker_.show_alone(test::uniform_jpeg(kCameraSize, 20), kNow, *camera));
    }

    EXPECT_EQ(show(jpeg), Shown::Decoded);

    EXPECT_NEAR(first_.shown.front(), 90, 2);
    EXPECT_NEAR(third_.shown.front(), 90, 2);
}

TEST(PictureMaker, CopiesToAllButTheCameraThatItDecodesInto) {
    PictureMaker maker = maker_of(PictureFormat::Yuyv);
    RecordingOutput first(Taking::Mapped, kYuyvBytes);
    RecordingOutput second(Taking::Mapped, kYuyvBytes);
    const std::array<FrameOutput*, 2> both = {&first, &second};
    const test::Bytes jpeg = test::uniform_jpeg(kCameraSize, 90);

    ASSERT_EQ(maker.show(jpeg, kNow, both), Shown::Decoded);
    ASSERT_EQ(maker.show(jpeg, kNow, both), Shown::Repeated);

    EXPECT_EQ(first.copies, 0U);
    EXPECT_EQ(second.copies, 1U);
    EXPECT_EQ(second.repeats, 1U);
}

TEST(PictureMaker, PassesTheSticksOwnBytesOnInMjpg) {
    PictureMaker maker = maker_of(PictureFormat::Mjpg);
    RecordingOutput first(Taking::Mapped, kYuyvBytes);
    RecordingOutput second(Taking::Mapped, kYuyvBytes);
    const test::Bytes jpeg = test::uniform_jpeg(kCameraSize, 90);

    EXPECT_EQ(maker.show(jpeg, kNow, std::array<FrameOutput*, 2>{&first, &second}),
              Shown::PassedOn);

    EXPECT_EQ(first.shown, jpeg);
    EXPECT_EQ(second.shown, jpeg);
}

}  // namespace
}  // namespace minikvm
