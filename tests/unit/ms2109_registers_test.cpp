// SPDX-License-Identifier: MIT
// MS2109 registers: what the bytes in the chip say.

#include "protocol/ms2109_registers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/unit/error_of.h"

namespace minikvm::ms2109 {
namespace {

using testing::HasSubstr;

// docs/hardware.md 3.5: 18 08 0D 09 is "24081309".
constexpr FirmwareVersion kSold = {{0x18, 0x08, 0x0D, 0x09}};

TEST(Ms2109Firmware, IsNamedByTwoDecimalDigitsAByte) {
    EXPECT_EQ(kSold.text(), "24081309");
    EXPECT_EQ(FirmwareVersion{}.text(), "00000000");
}

TEST(Ms2109Firmware, ShowsAnErasedCellAsZeros) {
    EXPECT_EQ((FirmwareVersion{{0xFF, 0xFF, 0xFF, 0xFF}}).text(), "00000000");
    EXPECT_EQ((FirmwareVersion{{0x18, 0xFF, 0x0D, 0x09}}).text(), "24001309");
}

TEST(Ms2109Firmware, IsKnownWhenItsVersionIsADateOfTheBoard) {
    EXPECT_TRUE(kSold.is_known());
    EXPECT_TRUE((FirmwareVersion{{24, 1, 1, 0}}).is_known());
    EXPECT_TRUE((FirmwareVersion{{26, 12, 31, 99}}).is_known());
}

TEST(Ms2109Firmware, IsNotKnownOtherwise) {
    for (const FirmwareVersion& version :
         {FirmwareVersion{}, FirmwareVersion{{0xFF, 0xFF, 0xFF, 0xFF}},
          FirmwareVersion{{0xA0, 0x07, 0x15, 0x31}}, FirmwareVersion{{23, 12, 31, 1}},
          FirmwareVersion{{24, 0, 13, 9}}, FirmwareVersion{{24, 13, 13, 9}},
          FirmwareVersion{{24, 8, 0, 9}}, FirmwareVersion{{24, 8, 32, 9}},
          FirmwareVersion{{24, 8, 13, 100}}}) {
        EXPECT_FALSE(version.is_known()) << version.text();
    }
}

// docs/hardware.md 4.2.
TEST(Ms2109Switch, IsTheLowBitFromFirmware24081309On) {
    EXPECT_EQ(switch_bit(kSold), 0x01);
    EXPECT_EQ(switch_bit({{24, 8, 13, 10}}), 0x01);
    EXPECT_EQ(switch_bit({{25, 1, 1, 0}}), 0x01);
}

TEST(Ms2109Switch, IsTheHighBitInOlderFirmware) {
    EXPECT_EQ(switch_bit({{24, 8, 13, 8}}), 0x10);
    EXPECT_EQ(switch_bit({{24, 8, 12, 99}}), 0x10);
    EXPECT_EQ(switch_bit({{24, 1, 1, 0}}), 0x10);
}

TEST(Ms2109Switch, IsNotThereUnderAnotherFirmware) {
    const auto bit = switch_bit({});

    EXPECT_EQ(error_of(bit), std::errc::not_supported);
    EXPECT_THAT(bit.error().context, HasSubstr("00000000"));
}

TEST(Ms2109Switch, MovesOneBitOnly) {
    EXPECT_EQ(with_switch_position(0xA4, 0x01, SwitchPosition::Target), 0xA5);
    EXPECT_EQ(with_switch_position(0xA5, 0x01, SwitchPosition::Host), 0xA4);
    EXPECT_EQ(with_switch_position(0x00, 0x10, SwitchPosition::Target), 0x10);
    EXPECT_EQ(with_switch_position(0xFF, 0x10, SwitchPosition::Host), 0xEF);
}

TEST(Ms2109Switch, IsReadFromItsBitAlone) {
    EXPECT_EQ(switch_position(0xFE, 0x01), SwitchPosition::Host);
    EXPECT_EQ(switch_position(0xFF, 0x01), SwitchPosition::Target);
    EXPECT_EQ(switch_position(0xEF, 0x10), SwitchPosition::Host);
    EXPECT_EQ(switch_position(0xFF, 0x10), SwitchPosition::Target);
}

TEST(Ms2109Slide, IsBitZero) {
    EXPECT_EQ(slide_position(kSold, 0xFE), SwitchPosition::Host);
    EXPECT_EQ(slide_position(kSold, 0x01), SwitchPosition::Target);
}

TEST(Ms2109Slide, IsNotThereUnderAnotherFirmware) {
    EXPECT_EQ(error_of(slide_position({}, 0x01)), std::errc::not_supported);
}

TEST(Ms2109Hdmi, IsConnectedByBitZero) {
    EXPECT_TRUE(hdmi_connected(0x01));
    EXPECT_TRUE(hdmi_connected(0xFF));
    EXPECT_FALSE(hdmi_connected(0x00));
    EXPECT_FALSE(hdmi_connected(0xFE));
}

// docs/hardware.md 3.5: frames a second and MHz, each times 100.
TEST(Ms2109Mode, IsReadFromItsCells) {
    EXPECT_EQ(decode_mode({1920, 1080, 6000, 14850}), (InputMode{1920, 1080, 6000, 148500}));
    EXPECT_EQ(decode_mode({1280, 720, 5994, 7418}), (InputMode{1280, 720, 5994, 74180}));
}

TEST(Ms2109Mode, IsTakenAsItIsUpTo189Megahertz) {
    EXPECT_EQ(decode_mode({1920, 1200, 6000, 18900}), (InputMode{1920, 1200, 6000, 189000}));
}

TEST(Ms2109Mode, IsTwiceItsCellsAbove189Megahertz) {
    EXPECT_EQ(decode_mode({1280, 720, 6000, 18901}), (InputMode{2560, 1440, 6000, 189010}));
    EXPECT_EQ(decode_mode({1920, 1080, 3000, 29700}), (InputMode{3840, 2160, 3000, 297000}));
    EXPECT_EQ(decode_mode({2048, 1080, 3000, 29700}), (InputMode{4096, 2160, 3000, 297000}));
}

TEST(Ms2109Mode, DoublesNothingThatIsWholeAlready) {
    EXPECT_EQ(decode_mode({4096, 1080, 3000, 29700}), (InputMode{4096, 2160, 3000, 297000}));
    EXPECT_EQ(decode_mode({1920, 2160, 3000, 29700}), (InputMode{3840, 2160, 3000, 297000}));
    EXPECT_EQ(decode_mode({4096, 2160, 3000, 29700}), (InputMode{4096, 2160, 3000, 297000}));
}

// Every way this input can be wrong.

// What factory firmware keeps in these cells, as the vendor's questions and answers show it.
TEST(Ms2109Mode, IsRefusedWhenFactoryFirmwareSpeaks) {
    const auto mode = decode_mode({43184, 24228, 4400, 14850});

    EXPECT_EQ(error_of(mode), ProtocolError::BadReply);
    EXPECT_THAT(mode.error().context, HasSubstr("43184x24228"));
}

TEST(Ms2109Mode, IsRefusedWhenNoSuchPictureCanComeIn) {
    for (const ModeCells& cells :
         {ModeCells{0, 0, 0, 0}, ModeCells{99, 1080, 6000, 14850}, ModeCells{1920, 99, 6000, 14850},
          ModeCells{4097, 2160, 6000, 14850}, ModeCells{4096, 2161, 6000, 14850},
          ModeCells{2049, 1080, 6000, 29700}, ModeCells{1920, 1080, 0, 14850},
          ModeCells{0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF}}) {
        EXPECT_EQ(error_of(decode_mode(cells)), ProtocolError::BadReply)
            << cells.width << "x" << cells.height << " " << cells.rate << " " << cells.pixel_clock;
    }
}

}  // namespace
}  // namespace minikvm::ms2109
