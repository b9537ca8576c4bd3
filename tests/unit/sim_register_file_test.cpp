// SPDX-License-Identifier: MIT
// The capture chip's registers as the vendor's app reads them.

#include <gtest/gtest.h>

#include "sim/ms2109/register_file.h"

namespace minikvm::sim {
namespace {

FeatureReport read_request(std::uint16_t address) {
    return {0xB5, static_cast<std::uint8_t>(address >> 8), static_cast<std::uint8_t>(address)};
}

std::uint8_t read(RegisterFile& file, std::uint16_t address) {
    file.set_report(read_request(address));
    return file.get_report()[3];
}

unsigned read_word(RegisterFile& file, std::uint16_t address) {
    return static_cast<unsigned>(read(file, address)) << 8 |
           read(file, static_cast<std::uint16_t>(address + 1));
}

void write(RegisterFile& file, std::uint16_t address, std::uint8_t value) {
    FeatureReport report = read_request(address);
    report[0] = 0xB6;
    report[3] = value;
    file.set_report(report);
}

RegisterFile file_of(const std::string& version) {
    return RegisterFile(FirmwareVersion::parse(version).value());
}

TEST(RegisterFile, AnswersTheLastRequest) {
    RegisterFile file = file_of("24081309");
    file.set_report(read_request(0xF800));

    EXPECT_EQ(file.get_report(), (FeatureReport{0xB5, 0xF8, 0x00, 0xA7}));
}

TEST(RegisterFile, AnswersTheLaterOfTwoRequests) {
    RegisterFile file = file_of("24081309");
    file.set_report(read_request(0xF800));
    file.set_report(read_request(0xCBDC));

    EXPECT_EQ(file.get_report()[3], 0x18);
}

TEST(RegisterFile, HasItsVersionInDecimalPairs) {
    RegisterFile file = file_of("24081309");

    EXPECT_EQ(read_word(file, 0xCBDC), 0x1808U);
    EXPECT_EQ(read_word(file, 0xCBDE), 0x0D09U);
}

TEST(RegisterFile, MeasuresTheInput) {
    RegisterFile file = file_of("24081309");

    file.set_input(InputMode());

    EXPECT_EQ(read(file, 0xFA8C), 1);
    EXPECT_EQ(read_word(file, 0xC6AF), 1920U);
    EXPECT_EQ(read_word(file, 0xC6B1), 1080U);
    EXPECT_EQ(read_word(file, 0xC6B5), 6000U);
    EXPECT_EQ(read_word(file, 0xC73C), 14850U);
}

TEST(RegisterFile, HalvesTheSizeAtAFastPixelClock) {
    RegisterFile file = file_of("24081309");

    file.set_input(parse_input_mode("3840x2160@30").value());

    EXPECT_EQ(read_word(file, 0xC6AF), 1920U);
    EXPECT_EQ(read_word(file, 0xC6B1), 1080U);
    EXPECT_EQ(read_word(file, 0xC73C), 29700U);
}

TEST(RegisterFile, KeepsTheModeOfASignalThatWent) {
    RegisterFile file = file_of("24081309");
    file.set_input(InputMode());

    file.set_input(std::nullopt);

    EXPECT_EQ(read(file, 0xFA8C), 0);
    EXPECT_EQ(read_word(file, 0xC6AF), 1920U);
}

TEST(RegisterFile, ShowsTheSlideWithoutMovingTheSwitch) {
    RegisterFile file = file_of("24081309");

    file.set_slide(Side::Target);

    EXPECT_EQ(read(file, 0xDF00), 1);
    EXPECT_EQ(file.selected(), Side::Host);
}

TEST(RegisterFile, SwitchesWithBitZeroFromItsVersionOn) {
    RegisterFile file = file_of("24081309");

    write(file, 0xDF01, 0x01);

    EXPECT_EQ(file.selected(), Side::Target);
}

TEST(RegisterFile, SwitchesWithBitFourBeforeThatVersion) {
    RegisterFile file = file_of("24081308");

    write(file, 0xDF01, 0x01);
    EXPECT_EQ(file.selected(), Side::Host);

    write(file, 0xDF01, 0x10);
    EXPECT_EQ(file.selected(), Side::Target);
}

TEST(RegisterFile, TellsOfEachSwitch) {
    RegisterFile file = file_of("24081309");
    int told = 0;
    file.on_switch([&told] { ++told; });

    write(file, 0xDF01, 0x01);
    write(file, 0xDF02, 0x01);

    EXPECT_EQ(told, 1);
}

TEST(RegisterFile, IgnoresWritesToWhatItMeasures) {
    RegisterFile file = file_of("24081309");
    file.set_input(InputMode());

    write(file, 0xFA8C, 0);
    write(file, 0xDF00, 1);

    EXPECT_EQ(read(file, 0xFA8C), 1);
    EXPECT_EQ(read(file, 0xDF00), 0);
}

TEST(RegisterFile, ReadsTheEepromFiveBytesAtATime) {
    RegisterFile file = file_of("24081309");

    file.set_report({0xE5, 0x00, 0x10});

    EXPECT_EQ(file.get_report(), (FeatureReport{0xE5, 0x00, 0x10, 0x0C, 'O', 'p', 'e', 'n'}));
}

TEST(RegisterFile, ForgetsTheSwitchWithoutPower) {
    RegisterFile file = file_of("24081309");
    write(file, 0xDF01, 0x01);

    file.power_up();

    EXPECT_EQ(file.selected(), Side::Host);
    EXPECT_EQ(read(file, 0xF800), 0xA7);
}

TEST(RegisterFile, RepeatsNoRestlessCell) {
    RegisterFile file = file_of("24081309");

    EXPECT_NE(read(file, 0x0044), read(file, 0x0044));
}

TEST(FirmwareVersion, RefusesWhatHasNotEightDigits) {
    EXPECT_FALSE(FirmwareVersion::parse("2408130"));
    EXPECT_FALSE(FirmwareVersion::parse("240813xx"));
}

// Faults.

TEST(RegisterFile, AnswersLateOnceWhenToldTo) {
    RegisterFile file = file_of("24081309");
    file.set_read_fault(ReadFault::Late);
    file.set_report(read_request(0xF800));
    file.set_report(read_request(0xCBDC));

    EXPECT_EQ(file.get_report(), (FeatureReport{0xB5, 0xF8, 0x00, 0xA7}));
    EXPECT_EQ(file.get_report(), (FeatureReport{0xB5, 0xCB, 0xDC, 0x18}));
}

TEST(RegisterFile, AnswersForTheCellBesideWhenToldTo) {
    RegisterFile file = file_of("24081309");
    file.set_read_fault(ReadFault::WrongAddress);
    file.set_report(read_request(0xCBDC));

    EXPECT_EQ(file.get_report(), (FeatureReport{0xB5, 0xCB, 0xDD, 0x08}));
    EXPECT_EQ(file.get_report(), (FeatureReport{0xB5, 0xCB, 0xDC, 0x18}));
}

TEST(RegisterFile, TearsAChangeOfModeWhenToldTo) {
    RegisterFile file = file_of("24081309");
    file.set_input(parse_input_mode("1920x1080@60").value());
    file.set_read_fault(ReadFault::Torn);

    file.set_input(parse_input_mode("1280x720@60").value());

    EXPECT_EQ(read_word(file, 0xC6AF), 0x0580U);  // 1280 is 0500h, 1920 is 0780h
    EXPECT_EQ(read(file, 0xC6AF), 0x05);
    EXPECT_EQ(read_word(file, 0xC6AF), 1280U);
}

TEST(RegisterFile, MovesNothingUnderFactoryFirmware) {
    RegisterFile file(FirmwareVersion::factory());

    write(file, 0xDF01, 0x11);

    EXPECT_EQ(file.selected(), Side::Host);
}

TEST(RegisterFile, ShowsAnImpossibleModeUnderFactoryFirmware) {
    RegisterFile file = file_of("24081309");

    file.flash(FirmwareVersion::factory());

    EXPECT_EQ(read_word(file, 0xC6AF), 43184U);
    EXPECT_EQ(read_word(file, 0xC6B1), 24228U);
}

}  // namespace
}  // namespace minikvm::sim
