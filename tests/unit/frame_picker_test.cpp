// SPDX-License-Identifier: MIT
// The newest whole frame wins, the others are counted.

#include "v4l2-bridge/frame_picker.h"

#include <gtest/gtest.h>

#include "tests/unit/jpeg_samples.h"

namespace minikvm {
namespace {

using test::Bytes;

constexpr PictureSize kStreamSize{64, 48};

class FramePickerTest : public testing::Test {
protected:
    CapturedFrame whole(std::uint32_t index, std::uint32_t sequence) const {
        return {index, sequence, {}, DriverVerdict::Good, picture_};
    }
    CapturedFrame truncated(std::uint32_t index, std::uint32_t sequence) const {
        return {index,
                sequence,
                {},
                DriverVerdict::Good,
                std::span(picture_).first(picture_.size() / 2)};
    }

    const Bytes picture_ = test::console_jpeg(kStreamSize);
    FramePicker picker_{kStreamSize};
};

TEST_F(FramePickerTest, HasNothingBeforeAFrameHasCome) {
    EXPECT_FALSE(picker_.take());
}

TEST_F(FramePickerTest, KeepsTheOnlyFrame) {
    EXPECT_FALSE(picker_.offer(whole(0, 7)));

    EXPECT_EQ(picker_.take()->sequence, 7U);
}

TEST_F(FramePickerTest, HandsOutAFrameOnce) {
    picker_.offer(whole(0, 7));
    picker_.take();

    EXPECT_FALSE(picker_.take());
}

TEST_F(FramePickerTest, GivesBackTheOlderOfTwo) {
    picker_.offer(whole(2, 7));

    EXPECT_EQ(picker_.offer(whole(3, 8)), 2U);
    EXPECT_EQ(picker_.take()->index, 3U);
    EXPECT_EQ(picker_.counters(), (FrameCounters{0, 1, 0}));
}

TEST_F(FramePickerTest, KeepsAWholeFrameWhenTheNewerOneIsBroken) {
    picker_.offer(whole(0, 7));

    EXPECT_EQ(picker_.offer(truncated(1, 8)), 1U);
    EXPECT_EQ(picker_.take()->index, 0U);
    EXPECT_EQ(picker_.counters(), (FrameCounters{0, 0, 1}));
}

TEST_F(FramePickerTest, GivesBackABrokenFrameThatIsAlone) {
    EXPECT_EQ(picker_.offer(truncated(1, 8)), 1U);
    EXPECT_FALSE(picker_.take());
}

TEST_F(FramePickerTest, CountsWhatTheDriverCountedAsLost) {
    picker_.offer(whole(0, 7));
    picker_.offer(whole(1, 11));

    EXPECT_EQ(picker_.counters().dropped, 3U);
}

TEST_F(FramePickerTest, CountsAcrossTheEndOfTheDriversNumbers) {
    picker_.offer(whole(0, 0xFFFF'FFFF));
    picker_.offer(whole(1, 1));

    EXPECT_EQ(picker_.counters().dropped, 1U);
}

TEST_F(FramePickerTest, CountsNoGapBetweenStreams) {
    picker_.offer(whole(0, 3));
    picker_.restart();
    picker_.offer(whole(0, 100));

    EXPECT_EQ(picker_.counters().dropped, 0U);
}

TEST_F(FramePickerTest, CountsNoGapWhenTheDriverCountsBackwards) {
    picker_.offer(whole(0, 100));
    picker_.offer(whole(1, 3));

    EXPECT_EQ(picker_.counters().dropped, 0U);
}

TEST_F(FramePickerTest, ForgetsAFrameOfTheStreamBefore) {
    picker_.offer(whole(0, 100));
    picker_.restart();

    EXPECT_FALSE(picker_.take());
}

}  // namespace
}  // namespace minikvm
