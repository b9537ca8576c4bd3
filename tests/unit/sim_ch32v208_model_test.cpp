// SPDX-License-Identifier: MIT
// The CH32V208's firmware: which commands it has, what it says to others.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/serial/ch32v208_model.h"
#include "sim/serial/target_recorder.h"
#include "tests/fakes/sim_serial_bench.h"

namespace minikvm::sim {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class Ch32v208ModelTest : public testing::Test {
protected:
    std::string answer_to(const std::string& text) {
        chip_.receive(now_, bytes_of(text));
        return text_of(chip_.take_sent(chip_.sent()));
    }

    TimePoint now_{std::chrono::seconds(1000)};
    std::vector<std::string> lines_;
    TargetRecorder target_{[this](const std::string& line) { lines_.push_back(line); }};
    Ch32v208Model chip_{{}, target_};
};

// Vectors printed in hardware.md 4.4.
TEST_F(Ch32v208ModelTest, MovesItsPortByCommand17) {
    EXPECT_EQ(answer_to("57 AB 00 17 05 00 00 00 00 01 1F"), frame(0x97, "01"));
    EXPECT_EQ(chip_.selected(), Side::Target);
    EXPECT_EQ(answer_to("57 AB 00 17 05 00 00 00 00 03 21"), frame(0x97, "01"));
    EXPECT_EQ(answer_to("57 AB 00 17 05 00 00 00 00 00 1E"), frame(0x97, "00"));
    EXPECT_EQ(chip_.selected(), Side::Host);
}

TEST_F(Ch32v208ModelTest, RejectsAShortCommand17) {
    EXPECT_EQ(answer_to(frame(0x17, "00 00 00 01")), frame(0xD7, "E6"));
    EXPECT_EQ(answer_to(frame(0x17, "00 00 00 00 07")), frame(0xD7, ""));
}

TEST_F(Ch32v208ModelTest, SaysWhichStickItIs) {
    EXPECT_EQ(answer_to(kGetInfo), frame(0x81, "02 01 00 03 00 00 00 00"));
}

TEST_F(Ch32v208ModelTest, HasNoMediaKeysNoResetNoParametersToWrite) {
    for (const int command : {0x03, 0x06, 0x09, 0x0A, 0x0B, 0x0C, 0x0F}) {
        const auto number = static_cast<std::uint8_t>(command);
        EXPECT_EQ(answer_to(frame(number, "")),
                  frame(static_cast<std::uint8_t>(number | 0xC0U), "E3"));
    }
}

TEST_F(Ch32v208ModelTest, DropsABadSumWithoutAWord) {
    EXPECT_EQ(answer_to("57 AB 00 01 00 04"), "");
    EXPECT_EQ(answer_to(kKeyADown), kKeyboardAck);
}

TEST_F(Ch32v208ModelTest, GivesTheTargetEachChangeOfTheKeyboardOnce) {
    answer_to(kKeyADown);
    answer_to(kKeyADown);

    EXPECT_THAT(lines_, SizeIs(1));
    EXPECT_EQ(target_.held_keys().usages[0], 0x04);
}

TEST_F(Ch32v208ModelTest, FoldsModifiersOutOfTheKeys) {
    answer_to(frame(0x02, "00 00 E1 04 92 00 00 00"));

    EXPECT_EQ(target_.held_keys().modifiers, 0x02);
    EXPECT_EQ(target_.held_keys().usages[0], 0x04);
    EXPECT_EQ(target_.held_keys().usages[1], 0x00);
}

TEST_F(Ch32v208ModelTest, HasThreeButtons) {
    answer_to(frame(0x05, "01 1F 00 00 00"));

    EXPECT_EQ(target_.held_buttons().relative, 0x07);
}

TEST_F(Ch32v208ModelTest, ShiftsPlacesToItsOwnGrid) {
    answer_to(frame(0x04, "02 00 FF 0F 01 00 00"));

    EXPECT_THAT(lines_.at(0), testing::HasSubstr("\"x\":32760,\"y\":8"));
}

TEST_F(Ch32v208ModelTest, KeepsKeysForATargetThatIsNotThere) {
    target_.set_state(now_, TargetState::Absent);
    EXPECT_EQ(answer_to(kKeyADown), kKeyboardAck);
    EXPECT_EQ(target_.reports(), 0U);

    target_.set_state(now_, TargetState::Present);
    chip_.target_came(now_);

    EXPECT_EQ(target_.reports(), 1U);
}

TEST_F(Ch32v208ModelTest, ForgetsThePositionWithoutPower) {
    answer_to("57 AB 00 17 05 00 00 00 00 01 1F");
    chip_.set_power(now_, PowerSource::Host, Power::Off);
    EXPECT_EQ(chip_.selected(), Side::Target);

    chip_.set_power(now_, PowerSource::Target, Power::Off);

    EXPECT_EQ(chip_.selected(), Side::Host);
}

TEST_F(Ch32v208ModelTest, SaysOnceUnaskedThatItHasStarted) {
    chip_.set_power(now_, PowerSource::Host, Power::Off);
    chip_.set_power(now_, PowerSource::Target, Power::Off);

    chip_.set_power(now_, PowerSource::Host, Power::On);

    EXPECT_EQ(text_of(chip_.take_sent(chip_.sent())), frame(0x81, "02 01 00 03 00 00 00 00"));
}

TEST_F(Ch32v208ModelTest, CanBeSilent) {
    chip_.options().is_silent = true;

    EXPECT_THAT(answer_to(kGetInfo), IsEmpty());
}

}  // namespace
}  // namespace minikvm::sim
