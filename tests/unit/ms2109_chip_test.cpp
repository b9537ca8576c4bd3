// SPDX-License-Identifier: MIT
// What Ms2109Chip makes of a chip that answers late, wrongly, or half of one mode.

#include "device/ms2109_chip.h"

#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/fakes/fake_registers.h"

namespace minikvm {
namespace {

constexpr std::uint16_t kWidth = 0xC6AF;
constexpr std::uint16_t kHeight = 0xC6B1;
constexpr std::uint16_t kRate = 0xC6B5;
constexpr std::uint16_t kSwitch = 0xDF01;

class Ms2109ChipTest : public testing::Test {
protected:
    Ms2109Chip open() {
        return Ms2109Chip::open(std::make_unique<FakeRegisterReports>(chip_)).value();
    }

    FakeRegisters chip_ = FakeRegisters::mini_kvm();
};

TEST_F(Ms2109ChipTest, ReadsTheFirmwaresVersionWhenOpened) {
    EXPECT_EQ(open().firmware().text(), "24081309");
}

TEST_F(Ms2109ChipTest, ReadsWhatComesIn) {
    Ms2109Chip chip = open();

    EXPECT_EQ(chip.hdmi_connected().value(), true);
    EXPECT_EQ(chip.input_mode().value(), (ms2109::InputMode{1920, 1080, 6000, 148500}));
}

TEST_F(Ms2109ChipTest, UsesReportOneWhereReportZeroIsRefused) {
    chip_.report_number = 1;

    EXPECT_EQ(open().firmware().text(), "24081309");
}

TEST_F(Ms2109ChipTest, FindsAnAnswerThatLacksItsReportsNumber) {
    chip_.report_number = 1;
    chip_.leaves_number_out = true;

    EXPECT_EQ(open().firmware().text(), "24081309");
}

TEST_F(Ms2109ChipTest, MovesOnlyTheSwitchsBit) {
    chip_.cells[kSwitch] = 0xA4;
    Ms2109Chip chip = open();

    const SwitchChange change = chip.select(SwitchPosition::Target).value();

    EXPECT_EQ(change.before, SwitchPosition::Host);
    EXPECT_EQ(change.now, SwitchPosition::Target);
    EXPECT_EQ(chip_.cells[kSwitch], 0xA5);
}

TEST_F(Ms2109ChipTest, MovesTheOtherBitUnderOlderFirmware) {
    chip_.cells[0xCBDE] = 12;
    Ms2109Chip chip = open();

    ASSERT_TRUE(chip.select(SwitchPosition::Target));

    EXPECT_EQ(chip_.cells[kSwitch], 0x10);
}

TEST_F(Ms2109ChipTest, WritesAPositionThatTheCellHasAlready) {
    Ms2109Chip chip = open();

    const SwitchChange change = chip.select(SwitchPosition::Host).value();

    EXPECT_EQ(change.before, change.now);
    EXPECT_EQ(chip_.writes, 1);
}

TEST_F(Ms2109ChipTest, FollowsTheSlide) {
    chip_.cells[0xDF00] = 0x01;

    EXPECT_EQ(open().slide().value(), SwitchPosition::Target);
}

// The other chips of the family: docs/hardware.md 3.4, the table's columns.
TEST(Ms2109sChip, KeepsItsCellsElsewhere) {
    FakeRegisters chip;
    chip.cells = {{0xFD9C, 0x01}, {0xCBDC, 24}, {0xCBDD, 8}, {0xCBDE, 13}, {0xCBDF, 9}};
    chip.set_pair(0xC703, 1280);
    chip.set_pair(0xC705, 720);
    chip.set_pair(0xC617, 5994);
    chip.set_pair(0xC8C5, 7425);

    Ms2109Chip opened =
        Ms2109Chip::open(std::make_unique<FakeRegisterReports>(chip), CaptureModel::Ms2109s)
            .value();

    EXPECT_EQ(opened.hdmi_connected().value(), true);
    EXPECT_EQ(opened.input_mode().value(), (ms2109::InputMode{1280, 720, 5994, 74250}));
    EXPECT_EQ(opened.usb_switch().error().code, std::errc::not_supported);
    EXPECT_EQ(opened.slide().error().code, std::errc::not_supported);
}

TEST(Ms2130sChip, NumbersItsReportsAndHalvesAHeight) {
    FakeRegisters chip;
    chip.report_number = 1;
    chip.cells = {{0xFA8D, 0x01}, {0x1FDC, 1}, {0x1FDD, 2}, {0x1FDE, 3}, {0x1FDF, 4}};
    chip.set_pair(0x1CFC, 3840);
    chip.set_pair(0x1CFE, 1080);
    chip.set_pair(0x1D02, 3000);
    chip.set_pair(0x1D00, 29700);

    Ms2109Chip opened =
        Ms2109Chip::open(std::make_unique<FakeRegisterReports>(chip), CaptureModel::Ms2130s)
            .value();

    EXPECT_EQ(opened.input_mode().value(), (ms2109::InputMode{3840, 2160, 3000, 297000}));
    EXPECT_EQ(opened.firmware().text(), "01020304");
    EXPECT_FALSE(opened.is_foreign());
}

TEST(Ms2130sChip, WritesNoCellThatItMayNotHave) {
    FakeRegisters chip;
    chip.report_number = 1;
    Ms2109Chip opened =
        Ms2109Chip::open(std::make_unique<FakeRegisterReports>(chip), CaptureModel::Ms2130s)
            .value();

    EXPECT_EQ(opened.select(SwitchPosition::Target).error().code, std::errc::not_supported);
    EXPECT_EQ(chip.writes, 0);
}

// Every way in which the chip can be wrong.

TEST_F(Ms2109ChipTest, WaitsForALateAnswer) {
    Ms2109Chip chip = open();
    chip_.late_answers = 2;

    EXPECT_EQ(chip.usb_switch().value(), SwitchPosition::Host);
}

TEST_F(Ms2109ChipTest, AsksAgainAfterAnothersAnswer) {
    Ms2109Chip chip = open();
    chip_.wrong_echoes = 5;

    EXPECT_TRUE(chip.hdmi_connected().value());
}

TEST_F(Ms2109ChipTest, GivesUpOnAChipThatKeepsAnsweringSomethingElse) {
    Ms2109Chip chip = open();
    chip_.reads = 0;
    chip_.wrong_echoes = 1'000;

    EXPECT_EQ(chip.hdmi_connected().error().code, ProtocolError::BadReply);
    EXPECT_LE(chip_.reads, 9);
}

TEST_F(Ms2109ChipTest, NeverMixesTheBytesOfTwoModes) {
    Ms2109Chip chip = open();
    chip_.reads = 0;
    chip_.on_read = [this](int read) {
        if (read == 2) {  // between the width's high byte (07 of 1920) and its low byte
            chip_.set_pair(kWidth, 1280);
            chip_.set_pair(kHeight, 720);
        }
    };

    EXPECT_EQ(chip.input_mode().value().width_px, 1280);
}

TEST_F(Ms2109ChipTest, NeverMixesTheSizesOfTwoModes) {
    Ms2109Chip chip = open();
    chip_.reads = 0;
    chip_.on_read = [this](int read) {
        if (read == 5) {  // the width has been read, twice
            chip_.set_pair(kWidth, 1280);
            chip_.set_pair(kHeight, 720);
        }
    };

    EXPECT_EQ(chip.input_mode().value().width_px, 1280);
    EXPECT_EQ(chip.input_mode().value().height_px, 720);
}

TEST_F(Ms2109ChipTest, NeverMixesTheBytesOfTwoRates) {
    Ms2109Chip chip = open();
    chip_.reads = 0;
    chip_.on_read = [this](int read) {
        if (read == 10) {  // between the rate's high byte and its low byte, behind width and height
            chip_.set_pair(kRate, 5000);
        }
    };

    EXPECT_EQ(chip.input_mode().value().rate_centihertz, 5000);
}

TEST_F(Ms2109ChipTest, ReadsAModeThatIsAsItWasOnce) {
    Ms2109Chip chip = open();
    const ms2109::InputMode mode = chip.input_mode().value();
    chip_.reads = 0;

    EXPECT_EQ(chip.input_mode().value(), mode);
    EXPECT_EQ(chip_.reads, 8);
}

TEST_F(Ms2109ChipTest, NeverMixesTheModeItKnowsWithAnother) {
    for (int at = 1; at <= 9; ++at) {
        Ms2109Chip chip = open();
        static_cast<void>(chip.input_mode());
        chip_.reads = 0;
        chip_.on_read = [this, at](int read) {
            if (read == at) {
                chip_.set_pair(kWidth, 1280);
                chip_.set_pair(kHeight, 720);
                chip_.set_pair(kRate, 5000);
            }
        };

        const ms2109::InputMode mode = chip.input_mode().value();

        const bool is_old = mode == ms2109::InputMode{1920, 1080, 6000, 148500};
        const bool is_new = mode == ms2109::InputMode{1280, 720, 5000, 148500};
        EXPECT_TRUE(is_old || is_new) << "changed at read " << at;
        chip_ = FakeRegisters::mini_kvm();
    }
}

TEST_F(Ms2109ChipTest, GivesUpOnAValueThatNeverHoldsStill) {
    Ms2109Chip chip = open();
    chip_.on_read = [this](int read) { chip_.set_pair(kWidth, static_cast<std::uint16_t>(read)); };

    EXPECT_EQ(chip.input_mode().error().code, ProtocolError::BadReply);
}

TEST_F(Ms2109ChipTest, SaysThatTheSwitchDidNotMove) {
    Ms2109Chip chip = open();
    chip_.ignores_writes = true;

    EXPECT_EQ(chip.select(SwitchPosition::Target).error().code, ProtocolError::Refused);
}

TEST_F(Ms2109ChipTest, BelievesNoSwitchUnderFactoryFirmware) {
    chip_.cells[0xCBDC] = 0x00;
    Ms2109Chip chip = open();

    EXPECT_EQ(chip.usb_switch().error().code, std::errc::not_supported);
    EXPECT_EQ(chip.slide().error().code, std::errc::not_supported);
    EXPECT_EQ(chip.input_mode().error().code, std::errc::not_supported);
}

TEST_F(Ms2109ChipTest, WritesNothingUnderFactoryFirmware) {
    chip_.cells[0xCBDC] = 0x00;
    Ms2109Chip chip = open();

    EXPECT_EQ(chip.select(SwitchPosition::Target).error().code, std::errc::not_supported);
    EXPECT_EQ(chip_.writes, 0);
}

TEST_F(Ms2109ChipTest, DoesNotWaitTwiceForAChipThatDoesNotAnswer) {
    Ms2109Chip chip = open();
    chip_.fails_with = std::errc::timed_out;

    EXPECT_EQ(chip.hdmi_connected().error().code, std::errc::timed_out);
}

TEST_F(Ms2109ChipTest, SaysThatTheChipIsGone) {
    chip_.fails_with = std::errc::no_such_device;

    const auto chip = Ms2109Chip::open(std::make_unique<FakeRegisterReports>(chip_));

    EXPECT_EQ(chip.error().code, std::errc::no_such_device);
}

}  // namespace
}  // namespace minikvm
