// SPDX-License-Identifier: MIT
// Frames are spoilt in the way and number that were asked for.

#include <gtest/gtest.h>

#include "sim/ms2109/frame_spoiler.h"

namespace minikvm::sim {
namespace {

using Frame = std::vector<std::uint8_t>;

// SOI; APP0 of two bytes; SOF0 with 0x0438 lines; SOS; scan; EOI.
const Frame kJpeg = {0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x04, 0x11, 0x22, 0xFF, 0xC0, 0x00,
                     0x09, 0x08, 0x04, 0x38, 0x07, 0x80, 0x01, 0x01, 0xFF, 0xDA, 0x00,
                     0x02, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0xFF, 0xD9};

Frame spoilt(FrameFault fault) {
    FrameSpoiler spoiler;
    spoiler.spoil(fault, 1);
    Frame frame = kJpeg;
    EXPECT_TRUE(spoiler.apply(frame));
    return frame;
}

TEST(FrameSpoiler, LeavesFramesAloneUnlessTold) {
    FrameSpoiler spoiler;
    Frame frame = kJpeg;

    EXPECT_FALSE(spoiler.apply(frame));
    EXPECT_EQ(frame, kJpeg);
}

TEST(FrameSpoiler, TakesTheEndOfATruncatedFrame) {
    EXPECT_EQ(spoilt(FrameFault::Truncated), Frame(kJpeg.begin(), kJpeg.begin() + 20));
}

TEST(FrameSpoiler, TakesAPieceOutOfADamagedFrame) {
    Frame expected = kJpeg;
    expected.erase(expected.begin() + 16, expected.begin() + 20);

    EXPECT_EQ(spoilt(FrameFault::Damaged), expected);
}

TEST(FrameSpoiler, LeavesTheMarkersOfAnEmptyFrame) {
    EXPECT_EQ(spoilt(FrameFault::Empty), (Frame{0xFF, 0xD8, 0xFF, 0xD9}));
}

TEST(FrameSpoiler, HalvesTheLinesOfAWrongSize) {
    Frame expected = kJpeg;
    expected[13] = 0x02;
    expected[14] = 0x1C;

    EXPECT_EQ(spoilt(FrameFault::WrongSize), expected);
}

TEST(FrameSpoiler, KeepsTheSizeOfWhatIsNoJpeg) {
    FrameSpoiler spoiler;
    spoiler.spoil(FrameFault::WrongSize, 1);
    const Frame raw(64, 0x80);
    Frame frame = raw;

    spoiler.apply(frame);

    EXPECT_EQ(frame, raw);
}

TEST(FrameSpoiler, RepeatsTheFirstFrameAsOftenAsItWasTold) {
    FrameSpoiler spoiler;
    spoiler.spoil(FrameFault::Repeated, 2);
    std::vector<Frame> sent;

    for (std::uint8_t number = 1; number <= 4; ++number) {
        sent.push_back({number});
        spoiler.apply(sent.back());
    }

    EXPECT_EQ(sent, (std::vector<Frame>{{1}, {1}, {1}, {4}}));
}

TEST(FrameSpoiler, SpoilsAllFramesUntilToldOtherwise) {
    FrameSpoiler spoiler;
    spoiler.spoil(FrameFault::Empty, FrameSpoiler::kAllFrames);
    Frame frame = kJpeg;
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(spoiler.apply(frame));
    }

    spoiler.spoil(FrameFault::Empty, 0);

    EXPECT_FALSE(spoiler.apply(frame));
}

}  // namespace
}  // namespace minikvm::sim
