// SPDX-License-Identifier: MIT
// What the simulated CH9329 answers, in bytes taken from hardware.md.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/sim_serial_bench.h"

namespace minikvm::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Ch9329Options with_absent_target_answer(AbsentTargetAnswer answer) {
    Ch9329Options options;
    options.absent_target = answer;
    return options;
}

TEST(SimCh9329, TellsVersionTargetPresence) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to(kGetInfo), "57 AB 00 81 08 38 01 00 00 00 00 00 00 C4");
}

TEST(SimCh9329, TellsTheLedsOfTheTarget) {
    Ch9329Options options;
    options.version = 0x31;
    SerialBench bench(options);

    bench.recorder.set_leds(bench.now, kLedCaps);

    EXPECT_EQ(bench.answer_to(kGetInfo), "57 AB 00 81 08 31 01 02 00 00 00 00 00 BF");
}

TEST(SimCh9329, TellsThatTheTargetIsAbsent) {
    SerialBench bench;

    bench.recorder.set_state(bench.now, TargetState::Absent);

    EXPECT_EQ(bench.answer_to(kGetInfo), "57 AB 00 81 08 38 00 00 00 00 00 00 00 C3");
}

TEST(SimCh9329, PressesAKey) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to(kKeyADown), kKeyboardAck);
    EXPECT_EQ(bench.recorder.held_keys().usages[0], 0x04);
}

TEST(SimCh9329, ReleasesAllKeys) {
    SerialBench bench;
    bench.answer_to(kKeyADown);

    EXPECT_EQ(bench.answer_to(kReleaseAll), kKeyboardAck);

    EXPECT_EQ(bench.recorder.held_keys().usages[0], 0x00);
}

TEST(SimCh9329, GivesConsumerReports) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to("57 AB 00 03 04 02 04 00 00 0F"), "57 AB 00 83 01 00 86");
    bench.answer_to("57 AB 00 03 04 02 00 00 00 0B");

    EXPECT_THAT(bench.lines,
                ElementsAre(HasSubstr("\"usages\":[226]"), HasSubstr("\"usages\":[]")));
}

TEST(SimCh9329, GivesSystemReports) {
    SerialBench bench;

    bench.answer_to("57 AB 00 03 02 01 01 09");
    bench.answer_to("57 AB 00 03 02 01 00 08");

    EXPECT_THAT(bench.lines,
                ElementsAre(HasSubstr("\"usages\":[129]"), HasSubstr("\"usages\":[]")));
}

TEST(SimCh9329, MovesTheAbsoluteMouse) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to("57 AB 00 04 07 02 01 64 00 C8 00 00 3C"), "57 AB 00 84 01 00 87");

    EXPECT_THAT(bench.lines, ElementsAre(HasSubstr("\"buttons\":1,\"x\":100,\"y\":200")));
}

TEST(SimCh9329, MovesTheRelativeMouse) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to("57 AB 00 05 05 01 01 05 FD 00 10"), "57 AB 00 85 01 00 88");

    EXPECT_THAT(bench.lines,
                ElementsAre(HasSubstr("\"buttons\":1,\"dx\":5,\"dy\":-3,\"wheel\":0")));
}

TEST(SimCh9329, TurnsTheWheel) {
    SerialBench bench;

    bench.answer_to("57 AB 00 05 05 01 00 00 00 01 0E");

    EXPECT_THAT(bench.lines, ElementsAre(HasSubstr("\"dx\":0,\"dy\":0,\"wheel\":1")));
}

TEST(SimCh9329, HasTheParametersOfARealStick) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to(kGetParameters), "57 AB 00 88 32 " + kRealBlock + " 44");
}

TEST(SimCh9329, SpeaksAt9600FromTheFactory) {
    Ch9329Options options;
    options.initial = InitialConfiguration::Factory;
    SerialBench bench(options, 9600);

    EXPECT_THAT(bench.answer_to(kGetParameters), HasSubstr("82 80 00 00 00 25 80 08 00 00 03"));
}

TEST(SimCh9329, TakesTheVendorsParameterFrame) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to("57 AB 00 09 32 " + block_beginning("02") + " 45"), kSetAck);
}

TEST(SimCh9329, RefusesWorkingModesByPins) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to(frame(0x09, kRealBlock)), frame(0xC9, "E5"));
}

TEST(SimCh9329, RefusesSerialModesByPinsWhenToldTo) {
    Ch9329Options options;
    options.set_accepts_pin_serial_mode = false;
    SerialBench bench(options);

    EXPECT_EQ(bench.answer_to(frame(0x09, block_beginning("02 80"))), frame(0xC9, "E5"));
    EXPECT_EQ(bench.answer_to(frame(0x09, block_beginning("02 00"))), kSetAck);
}

TEST(SimCh9329, RefusesSpeedsItDoesNotHave) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to(frame(0x09, block_beginning("02 80 00 00 25 80 00"))),
              frame(0xC9, "E5"));
}

TEST(SimCh9329, HasEmptyStringsFromTheFactory) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to("57 AB 00 0A 01 01 0E"), frame(0x8A, "01 00"));
}

TEST(SimCh9329, KeepsAString) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to(frame(0x0B, "01 02 4B 4D")), frame(0x8B, "00"));

    EXPECT_EQ(bench.answer_to("57 AB 00 0A 01 01 0E"), frame(0x8A, "01 02 4B 4D"));
}

TEST(SimCh9329, AcknowledgesDefaults) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to(kSetDefault), "57 AB 00 8C 01 00 8F");
}

TEST(SimCh9329, AcknowledgesReset) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to(kReset), kResetAck);
}

TEST(SimCh9329, HasNoMouseInKeyboardMode) {
    SerialBench bench;
    bench.answer_to(frame(0x09, block_beginning("01")));
    bench.answer_to(kReset);
    bench.run_for(kBootTime);

    EXPECT_EQ(bench.answer_to("57 AB 00 05 05 01 01 05 FD 00 10"), frame(0xC5, "E6"));
    EXPECT_EQ(bench.answer_to(kKeyADown), kKeyboardAck);
}

TEST(SimCh9329, HasCustomReportsInModeZeroOnly) {
    SerialBench bench;
    EXPECT_EQ(bench.answer_to(frame(0x06, "01 02")), frame(0xC6, "E6"));
    bench.answer_to(frame(0x09, block_beginning("00")));
    bench.answer_to(kReset);
    bench.run_for(kBootTime);

    EXPECT_EQ(bench.answer_to(frame(0x06, "01 02")), frame(0x86, "00"));
}

TEST(SimCh9329, SpeaksUnaskedWhenTheTargetSendsACustomReport) {
    SerialBench bench;
    bench.answer_to(frame(0x09, block_beginning("00")));
    bench.answer_to(kReset);
    bench.run_for(kBootTime);

    bench.link.chip().send_custom_hid(bench.now, bytes_of("01 02"));
    bench.run_for(SerialBench::kLongEnough);

    EXPECT_EQ(bench.received(), frame(0x87, "01 02"));
}

TEST(SimCh9329, AcknowledgesReportsToAnAbsentTarget) {
    SerialBench bench;
    bench.recorder.set_state(bench.now, TargetState::Absent);
    bench.lines.clear();

    EXPECT_EQ(bench.answer_to(kKeyADown), kKeyboardAck);
    EXPECT_THAT(bench.lines, IsEmpty());
}

TEST(SimCh9329, RefusesReportsToAnAbsentTargetWhenToldTo) {
    SerialBench bench(with_absent_target_answer(AbsentTargetAnswer::NotExecuted));

    bench.recorder.set_state(bench.now, TargetState::Absent);

    EXPECT_EQ(bench.answer_to(kKeyADown), frame(0xC2, "E6"));
}

TEST(SimCh9329, IsSilentAboutAnAbsentTargetWhenToldTo) {
    SerialBench bench(with_absent_target_answer(AbsentTargetAnswer::Silence));

    bench.recorder.set_state(bench.now, TargetState::Absent);

    EXPECT_EQ(bench.answer_to(kKeyADown), "");
}

// Every way a command can be wrong.

TEST(SimCh9329, RefusesABadChecksum) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to("57 AB 00 02 08 00 00 04 00 00 00 00 00 11"), "57 AB 00 C2 01 E4 A9");
    EXPECT_THAT(bench.lines, IsEmpty());
}

TEST(SimCh9329, DoesNotKnowTheCommandsOfTheCh32v208) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to("57 AB 00 17 05 00 00 00 00 03 21"), frame(0xD7, "E3"));
}

struct WrongCommand {
    const char* why;
    std::uint8_t command;
    const char* payload;
};

class SimCh9329Parameter : public ::testing::TestWithParam<WrongCommand> {};

TEST_P(SimCh9329Parameter, IsRefused) {
    const WrongCommand& wrong = GetParam();
    SerialBench bench;

    const auto error = static_cast<std::uint8_t>(wrong.command | 0xC0U);
    EXPECT_EQ(bench.answer_to(frame(wrong.command, wrong.payload)), frame(error, "E5"))
        << wrong.why;
}

INSTANTIATE_TEST_SUITE_P(
    Wrong, SimCh9329Parameter,
    ::testing::Values(WrongCommand{"info takes none", 0x01, "00"},
                      WrongCommand{"a short keyboard report", 0x02, "00 00 04 00 00 00 00"},
                      WrongCommand{"its second byte is 00", 0x02, "00 01 04 00 00 00 00 00"},
                      WrongCommand{"no such media report", 0x03, "03 00"},
                      WrongCommand{"consumer takes three bytes", 0x03, "02 04 00"},
                      WrongCommand{"a relative report as absolute", 0x04, "01 00 00 00 00 00 00"},
                      WrongCommand{"x beyond 4095", 0x04, "02 00 00 10 00 00 00"},
                      WrongCommand{"an absolute report as relative", 0x05, "02 00 00 00 00"},
                      WrongCommand{"a short block", 0x09, "02 80 00"},
                      WrongCommand{"no fourth string", 0x0A, "03"},
                      WrongCommand{"a string's length", 0x0B, "00 03 41"},
                      WrongCommand{"defaults take none", 0x0C, "00"},
                      WrongCommand{"reset takes none", 0x0F, "00"}));

}  // namespace
}  // namespace minikvm::sim
