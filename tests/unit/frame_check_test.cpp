// SPDX-License-Identifier: MIT
// Which frames may be shown: whole ones, and not the filler at stream start.

#include "v4l2-bridge/frame_check.h"

#include <gtest/gtest.h>

#include "tests/unit/jpeg_samples.h"
#include "v4l2-bridge/start_picture.h"

namespace minikvm {
namespace {

using test::Bytes;

constexpr PictureSize kExpectedSize{640, 480};

FrameVerdict checked(const Bytes& frame, DriverVerdict driver = DriverVerdict::Good) {
    return check_frame(frame, driver, kExpectedSize);
}

TEST(FrameCheck, FindsAWholePictureWhole) {
    EXPECT_EQ(checked(test::console_jpeg(kExpectedSize)), FrameVerdict::Whole);
}

TEST(FrameCheck, AllowsZeroesBehindThePicture) {
    Bytes padded = test::console_jpeg(kExpectedSize);
    padded.resize(padded.size() + 1024, 0);

    EXPECT_EQ(checked(padded), FrameVerdict::Whole);
}

// Every way a frame can be wrong.

TEST(FrameCheck, FindsNothingEmpty) {
    EXPECT_EQ(checked({}), FrameVerdict::Empty);
}

TEST(FrameCheck, BelievesTheDriverThatSawAnError) {
    EXPECT_EQ(checked(test::console_jpeg(kExpectedSize), DriverVerdict::Bad),
              FrameVerdict::Damaged);
}

TEST(FrameCheck, MissesTheEnd) {
    Bytes truncated = test::console_jpeg(kExpectedSize);
    truncated.resize(truncated.size() / 2);

    EXPECT_EQ(checked(truncated), FrameVerdict::Damaged);
}

TEST(FrameCheck, MissesTheStart) {
    Bytes beheaded = test::console_jpeg(kExpectedSize);
    beheaded.erase(beheaded.begin(), beheaded.begin() + 2);

    EXPECT_EQ(checked(beheaded), FrameVerdict::Damaged);
}

TEST(FrameCheck, SeesAnotherSizeThanTheNegotiatedOne) {
    EXPECT_EQ(checked(test::console_jpeg({720, 480})), FrameVerdict::WrongSize);
}

TEST(UniformPicture, IsFoundInEveryUsualSampling) {
    for (const int sampling : {TJSAMP_422, TJSAMP_420, TJSAMP_444, TJSAMP_GRAY}) {
        EXPECT_TRUE(is_uniform(test::uniform_jpeg({1920, 1080}, 7, sampling))) << sampling;
    }
}

TEST(UniformPicture, IsFoundAtEverySizeOfTheStick) {
    for (const PictureSize size : {PictureSize{1920, 1080}, {1360, 768}, {720, 576}, {640, 480}}) {
        EXPECT_TRUE(is_uniform(test::uniform_jpeg(size, 7))) << size.width_px;
    }
}

TEST(UniformPicture, IsFoundWhateverItsColour) {
    for (const std::uint8_t grey : Bytes{0, 7, 22, 128, 255}) {
        EXPECT_TRUE(is_uniform(test::uniform_jpeg(kExpectedSize, grey))) << unsigned{grey};
    }
}

TEST(UniformPicture, IsFoundWhenEachRowIsCodedAnew) {
    for (const PictureSize size : {PictureSize{1920, 1080}, {1360, 768}, {640, 480}}) {
        const Bytes filler = test::uniform_jpeg(size, 7, TJSAMP_422, test::Restarts::EachRow);
        EXPECT_TRUE(is_uniform(filler)) << size.width_px;
    }
}

TEST(UniformPicture, IsNotADarkScreenWithACursorWhereEachRowIsCodedAnew) {
    for (const std::uint32_t line_px : {0U, 540U, 1079U}) {
        const Bytes screen = test::cursor_jpeg({1920, 1080}, line_px, test::Restarts::EachRow);
        EXPECT_FALSE(is_uniform(screen)) << line_px;
    }
}

TEST(UniformPicture, IsNotADarkScreenWithACursor) {
    for (const std::uint32_t line_px : {0U, 540U, 1079U}) {
        EXPECT_FALSE(is_uniform(test::cursor_jpeg({1920, 1080}, line_px))) << line_px;
    }
}

TEST(UniformPicture, IsNotSomethingTooShortToTell) {
    EXPECT_FALSE(is_uniform({}));
    EXPECT_FALSE(is_uniform(Bytes(100, 0x55)));
}

TEST(UniformPicture, IsFoundWithZeroesBehindIt) {
    Bytes padded = test::uniform_jpeg(kExpectedSize, 7);
    padded.resize(padded.size() + 3, 0);

    EXPECT_TRUE(is_uniform(padded));
}

TEST(StartPicture, IsAWholePictureOfItsSize) {
    const auto picture = make_start_picture(kExpectedSize);

    ASSERT_TRUE(picture);
    EXPECT_EQ(checked(*picture), FrameVerdict::Whole);
}

TEST(StartPicture, IsAnErrorWithoutASize) {
    EXPECT_FALSE(make_start_picture({0, 0}));
}

class FillerGateTest : public testing::Test {
protected:
    FillerGateTest() { gate_.restart(); }

    unsigned withheld_of(unsigned count, const Bytes& frame) {
        unsigned withheld = 0;
        for (unsigned number = 0; number < count; ++number) {
            withheld += gate_.withhold(frame) ? 1 : 0;
        }
        return withheld;
    }

    FillerGate gate_;
    const Bytes filler_ = test::uniform_jpeg(kExpectedSize, 7);
    const Bytes picture_ = test::console_jpeg(kExpectedSize);
};

TEST_F(FillerGateTest, WithholdsWhatTheStickStartsWith) {
    EXPECT_EQ(withheld_of(14, filler_), 14U);
    EXPECT_EQ(withheld_of(1, picture_), 0U);
}

TEST_F(FillerGateTest, GivesUpWhenFillerIsAllThereIs) {
    EXPECT_EQ(withheld_of(100, filler_), FillerGate::kMaxWithheld);
}

TEST_F(FillerGateTest, ShowsUniformPicturesOnceAPictureHasCome) {
    EXPECT_EQ(withheld_of(1, picture_), 0U);
    EXPECT_EQ(withheld_of(5, filler_), 0U);
}

TEST_F(FillerGateTest, WithholdsAnewAfterARestart) {
    EXPECT_EQ(withheld_of(1, picture_), 0U);

    gate_.restart();

    EXPECT_EQ(withheld_of(5, filler_), 5U);
}

}  // namespace
}  // namespace minikvm
