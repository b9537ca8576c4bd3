// SPDX-License-Identifier: MIT
// The negotiation of a stream.

#include <chrono>

#include <gtest/gtest.h>

#include "sim/ms2109/descriptors.h"
#include "sim/ms2109/uvc_control.h"

namespace minikvm::sim {
namespace {

using namespace std::chrono_literals;

constexpr SetupPacket kSetProbe{0x21, 0x01, 0x0100, 1, 26};
constexpr SetupPacket kGetProbe{0xA1, 0x81, 0x0100, 1, 26};
constexpr SetupPacket kSetCommit{0x21, 0x01, 0x0200, 1, 26};

UvcControl ms2109_control() {
    return UvcControl(
        parse_video_formats(ms2109_descriptors(Ms2109Strings::Openterface).configuration));
}

std::vector<std::uint8_t> block(std::uint8_t format, std::uint8_t frame, std::uint32_t interval) {
    std::vector<std::uint8_t> bytes(kProbeBytes);
    bytes[2] = format;
    bytes[3] = frame;
    for (unsigned i = 0; i < 4; ++i) {
        bytes[4 + i] = static_cast<std::uint8_t>(interval >> (8 * i));
    }
    return bytes;
}

unsigned number_at(const std::vector<std::uint8_t>& bytes, std::size_t at) {
    return bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 |
           static_cast<unsigned>(bytes[at + 3]) << 24;
}

TEST(UvcControl, BeginsWithFullHdAtThirty) {
    EXPECT_EQ(ms2109_control().committed(),
              (StreamFormat{PixelFormat::Mjpeg, 1920, 1080, 33'333'300ns}));
}

TEST(UvcControl, CommitsWhatWasProbed) {
    UvcControl control = ms2109_control();

    control.streaming(kSetCommit, block(1, 6, 166666));

    EXPECT_EQ(control.committed(), (StreamFormat{PixelFormat::Mjpeg, 1280, 720, 16'666'600ns}));
}

TEST(UvcControl, OffersTheNearestInterval) {
    UvcControl control = ms2109_control();

    control.streaming(kSetProbe, block(1, 1, 166666));

    EXPECT_EQ(number_at(control.streaming(kGetProbe, {}).data, 4), 333333U);
}

TEST(UvcControl, OffersTheDefaultFrameForAnUnknownOne) {
    UvcControl control = ms2109_control();

    control.streaming(kSetProbe, block(2, 99, 0));

    const auto answer = control.streaming(kGetProbe, {}).data;
    EXPECT_EQ(answer[2], 2);
    EXPECT_EQ(answer[3], 6);
}

TEST(UvcControl, AnswersTheTwentySixBytesOfItsVersion) {
    UvcControl control = ms2109_control();

    EXPECT_EQ(control.streaming(kGetProbe, {}).data.size(), 26U);
}

TEST(UvcControl, AsksForTheLargestPacketsForFullHd) {
    UvcControl control = ms2109_control();

    EXPECT_EQ(number_at(control.streaming(kGetProbe, {}).data, 22), 3072U);
}

TEST(UvcControl, AsksForTheSmallestPacketsForVga) {
    UvcControl control = ms2109_control();

    control.streaming(kSetProbe, block(1, 11, 333333));

    EXPECT_EQ(number_at(control.streaming(kGetProbe, {}).data, 22), 800U);
}

TEST(UvcControl, StallsABlockThatIsTooShort) {
    UvcControl control = ms2109_control();
    const std::vector<std::uint8_t> bytes(4);

    EXPECT_EQ(control.streaming(kSetProbe, bytes).kind, ControlReply::Kind::Stall);
}

TEST(UvcControl, HasTheBrightnessOfTheRealChip) {
    UvcControl control = ms2109_control();

    EXPECT_EQ(control.video_control({0xA1, 0x87, 0x0200, 0x0200, 2}, {}).data,
              (std::vector<std::uint8_t>{0xF5, 0xFF}));
}

TEST(UvcControl, KeepsAContrastThatWasSet) {
    UvcControl control = ms2109_control();

    control.video_control({0x21, 0x01, 0x0300, 0x0200, 2}, std::vector<std::uint8_t>{50, 0});

    EXPECT_EQ(control.video_control({0xA1, 0x81, 0x0300, 0x0200, 2}, {}).data,
              (std::vector<std::uint8_t>{50, 0}));
}

TEST(UvcControl, StallsASettingItDoesNotHave) {
    UvcControl control = ms2109_control();

    EXPECT_EQ(control.video_control({0xA1, 0x81, 0x0900, 0x0200, 2}, {}).kind,
              ControlReply::Kind::Stall);
}

}  // namespace
}  // namespace minikvm::sim
