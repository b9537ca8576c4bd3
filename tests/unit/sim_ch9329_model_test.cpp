// SPDX-License-Identifier: MIT
// The simulated CH9329 in time: resets, power, faults, pace.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/sim_serial_bench.h"

namespace minikvm::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Lt;
using ::testing::StartsWith;

const std::string kSetFactorySpeed = frame(0x09, block_beginning("02 80 00 00 00 25 80"));

bool answers(SerialBench& bench) {
    return !bench.answer_to(kGetInfo).empty();
}

Ch9329Options with_factory_reset() {
    Ch9329Options options;
    options.def_restores_factory = true;
    return options;
}

AnswerFault fault(AnswerFault::Kind kind, unsigned count) {
    AnswerFault result;
    result.kind = kind;
    result.remaining = count;
    return result;
}

// Parameters

TEST(SimCh9329Parameters, KeepTheOldSpeedUntilReset) {
    SerialBench bench;
    bench.answer_to(kSetFactorySpeed);

    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Parameters, TakeEffectAfterReset) {
    SerialBench bench;
    bench.answer_to(kSetFactorySpeed);
    bench.answer_to(kReset);
    bench.run_for(kBootTime);

    EXPECT_FALSE(answers(bench));
    bench.link.set_speed(bench.now, 9600);
    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Parameters, TakeEffectAfterAPowerCycle) {
    SerialBench bench;
    bench.answer_to(kSetFactorySpeed);
    bench.link.chip().set_power(bench.now, PowerSource::Host, Power::Off);
    bench.link.chip().set_power(bench.now, PowerSource::Target, Power::Off);
    bench.link.chip().set_power(bench.now, PowerSource::Host, Power::On);
    bench.run_for(kBootTime);

    bench.link.set_speed(bench.now, 9600);
    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Parameters, AreThoseOfTheFactoryOnceRestored) {
    SerialBench bench;
    bench.link.chip().restore_factory(bench.now);
    bench.run_for(kBootTime);

    bench.link.set_speed(bench.now, 9600);
    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Parameters, AreReadBackBeforeTheyTakeEffect) {
    SerialBench bench;
    bench.answer_to(kSetFactorySpeed);

    EXPECT_THAT(bench.answer_to(kGetParameters), HasSubstr("02 80 00 00 00 25 80"));
}

TEST(SimCh9329Parameters, GoBackToTheFactorysByCommand) {
    SerialBench bench;
    bench.answer_to(kSetDefault);
    EXPECT_TRUE(answers(bench));
    bench.answer_to(kReset);
    bench.run_for(kBootTime);

    bench.link.set_speed(bench.now, 9600);
    EXPECT_TRUE(answers(bench));
}

// Reset

TEST(SimCh9329Reset, IsSilentForSevenHundredMilliseconds) {
    SerialBench bench;
    bench.send(kReset);
    bench.run_for(2ms);
    EXPECT_EQ(bench.received(), kResetAck);

    bench.run_for(600ms);
    EXPECT_FALSE(answers(bench));
    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Reset, ReleasesWhatTheTargetHeld) {
    SerialBench bench;
    bench.answer_to(kKeyADown);

    bench.answer_to(kReset);

    EXPECT_EQ(bench.recorder.held_keys().usages[0], 0x00);
}

TEST(SimCh9329Reset, IsSeenByTheTargetAsGoingAndComing) {
    SerialBench bench;
    bench.answer_to(kReset);
    bench.run_for(kBootTime);

    EXPECT_THAT(bench.lines, ElementsAre(HasSubstr("chip-left"), HasSubstr("chip-came")));
}

// DEF, which is the bridge's RTS

TEST(SimCh9329Def, DoesNothingIn20Milliseconds) {
    SerialBench bench;

    bench.hold_def_for(20ms);
    bench.run_for(kDefResetTime);

    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Def, ResetsIn50Milliseconds) {
    SerialBench bench;

    bench.hold_def_for(50ms);

    EXPECT_FALSE(answers(bench));
    bench.run_for(kBootTime);
    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Def, ResetsAsLateAsItIsTold) {
    Ch9329Options options;
    options.def_reset_time = 500ms;
    SerialBench bench(options);

    bench.hold_def_for(400ms);

    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Def, ResetsOnceHoweverLongItIsLow) {
    SerialBench bench;
    bench.link.chip().set_def(bench.now, DefLevel::Low);
    bench.run_for(kDefResetTime + kBootTime);

    EXPECT_TRUE(answers(bench));
    bench.run_for(10s);
    EXPECT_TRUE(answers(bench));
    EXPECT_EQ(bench.lines.size(), 2U);
}

TEST(SimCh9329Def, CutsAnAnswerShort) {
    SerialBench bench;
    bench.link.chip().set_def(bench.now, DefLevel::Low);
    bench.run_for(48500us);

    const std::string answer = bench.answer_to(kGetInfo);

    EXPECT_THAT(answer, StartsWith("57 AB 00 81 08"));
    EXPECT_THAT(answer.size(), Lt(14 * 3U - 1));
}

TEST(SimCh9329Def, ResetsAgainOnTheNextPulse) {
    SerialBench bench;
    bench.hold_def_for(100ms);
    bench.run_for(kBootTime);

    bench.hold_def_for(100ms);

    EXPECT_FALSE(answers(bench));
}

TEST(SimCh9329Def, KeepsTheSettingsHoweverLongItWasLow) {
    SerialBench bench;
    bench.hold_def_for(4s);
    bench.run_for(2s);

    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Def, RestoresTheFactorysAfterThreeSecondsWhenToldTo) {
    SerialBench bench(with_factory_reset());
    bench.hold_def_for(3s);
    bench.run_for(kDefFactoryDelay + kBootTime);

    EXPECT_FALSE(answers(bench));
    bench.link.set_speed(bench.now, 9600);
    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Def, RestoresNothingBeforeThreeSeconds) {
    SerialBench bench(with_factory_reset());
    bench.hold_def_for(2900ms);
    bench.run_for(kDefFactoryDelay + kBootTime);

    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Def, RestoresNothingWhileItStaysLow) {
    SerialBench bench(with_factory_reset());
    bench.link.chip().set_def(bench.now, DefLevel::Low);
    bench.run_for(10s);

    EXPECT_TRUE(answers(bench));
}

// Power

TEST(SimCh9329Power, OfTheTargetKeepsKeysHeldWithoutAHost) {
    SerialBench bench;
    bench.answer_to(kKeyADown);
    bench.lines.clear();

    bench.link.unplug(bench.now);
    bench.run_for(60s);
    bench.link.plug(bench.now);

    EXPECT_EQ(bench.recorder.held_keys().usages[0], 0x04);
    EXPECT_THAT(bench.lines, IsEmpty());
}

TEST(SimCh9329Power, OfTheTargetKeepsTheSpeedWithoutAHost) {
    SerialBench bench;
    bench.link.unplug(bench.now);
    bench.run_for(60s);
    bench.link.plug(bench.now);

    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Power, OfNeitherSideLeavesItSilent) {
    SerialBench bench;
    bench.recorder.set_state(bench.now, TargetState::Unplugged);
    bench.link.chip().set_power(bench.now, PowerSource::Target, Power::Off);
    bench.link.unplug(bench.now);
    bench.run_for(1s);

    EXPECT_FALSE(answers(bench));
}

TEST(SimCh9329Power, OfTheHostAloneIsEnough) {
    SerialBench bench;
    bench.link.chip().set_power(bench.now, PowerSource::Target, Power::Off);

    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Power, TakesTimeToBoot) {
    SerialBench bench;
    bench.link.chip().set_power(bench.now, PowerSource::Target, Power::Off);
    bench.link.unplug(bench.now);
    bench.link.plug(bench.now);

    EXPECT_FALSE(answers(bench));
    bench.run_for(kBootTime);
    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Power, WhenTheHostUnplugsReleasesDef) {
    SerialBench bench;
    bench.link.chip().set_def(bench.now, DefLevel::Low);
    bench.run_for(1s);
    bench.link.unplug(bench.now);
    bench.link.plug(bench.now);
    EXPECT_TRUE(answers(bench));

    bench.hold_def_for(100ms);

    EXPECT_FALSE(answers(bench));
}

// Faults

TEST(SimCh9329Fault, LosesTheAcknowledgementOfAnExecutedCommand) {
    SerialBench bench;
    bench.link.chip().add_fault(fault(AnswerFault::Kind::Lost, 1));

    EXPECT_EQ(bench.answer_to(kKeyADown), "");
    EXPECT_EQ(bench.recorder.held_keys().usages[0], 0x04);
}

TEST(SimCh9329Fault, EndsAfterItsCount) {
    SerialBench bench;
    bench.link.chip().add_fault(fault(AnswerFault::Kind::Lost, 2));

    EXPECT_EQ(bench.answer_to(kKeyADown), "");
    EXPECT_EQ(bench.answer_to(kReleaseAll), "");
    EXPECT_EQ(bench.answer_to(kKeyADown), kKeyboardAck);
}

TEST(SimCh9329Fault, RefusesWithoutExecuting) {
    SerialBench bench;
    bench.link.chip().add_fault(fault(AnswerFault::Kind::Refused, 1));

    EXPECT_EQ(bench.answer_to(kKeyADown), frame(0xC2, "E6"));
    EXPECT_THAT(bench.lines, IsEmpty());
}

TEST(SimCh9329Fault, MayWaitForOneCommand) {
    SerialBench bench;
    AnswerFault refusal = fault(AnswerFault::Kind::Refused, 1);
    refusal.command = 0x02;
    bench.link.chip().add_fault(refusal);

    EXPECT_TRUE(answers(bench));
    EXPECT_EQ(bench.answer_to(kKeyADown), frame(0xC2, "E6"));
}

TEST(SimCh9329Fault, MakesItMuteAndKeepsWhatIsHeld) {
    SerialBench bench;
    bench.answer_to(kKeyADown);

    bench.link.chip().wedge();

    EXPECT_EQ(bench.answer_to(kGetInfo), "");
    EXPECT_EQ(bench.answer_to(kReleaseAll), "");
    EXPECT_EQ(bench.recorder.held_keys().usages[0], 0x04);
}

TEST(SimCh9329Fault, MakesItMuteUntilItIsToldToReset) {
    SerialBench bench;
    bench.link.chip().wedge();

    EXPECT_EQ(bench.answer_to(kReset), "");
    bench.run_for(kBootTime);

    EXPECT_TRUE(answers(bench));
}

TEST(SimCh9329Fault, AnswersTwice) {
    SerialBench bench;
    bench.link.chip().add_fault(fault(AnswerFault::Kind::Doubled, 1));

    EXPECT_EQ(bench.answer_to(kKeyADown), kKeyboardAck + " " + kKeyboardAck);
}

TEST(SimCh9329Fault, AnswersLate) {
    SerialBench bench;
    AnswerFault late = fault(AnswerFault::Kind::Late, 1);
    late.delay = 600ms;
    bench.link.chip().add_fault(late);

    bench.send(kKeyADown);

    EXPECT_THAT(bench.time_until_received(1), AllOf(Ge(600ms), Lt(603ms)));
    EXPECT_EQ(bench.recorder.held_keys().usages[0], 0x04);
}

TEST(SimCh9329Fault, LeavesTheChipAlone) {
    SerialBench bench;

    bench.link.add_noise_to_chip(bench.now, bytes_of("12 34 57"));
    bench.run_for(10ms);

    EXPECT_EQ(bench.answer_to(kKeyADown), kKeyboardAck);
}

TEST(SimCh9329Fault, PutsNoiseBeforeAnAnswer) {
    SerialBench bench;

    bench.link.add_noise_to_bridge(bench.now, bytes_of("FF 57"));

    EXPECT_EQ(bench.answer_to(kKeyADown), "FF 57 " + kKeyboardAck);
}

TEST(SimCh9329Fault, LosesCommandsOfAFlood) {
    SerialBench bench;
    for (int i = 0; i < 20; ++i) {
        bench.send(kGetInfo);
    }
    bench.run_for(1s);

    EXPECT_THAT(bench.link.received() / 14, AllOf(Ge(5U), Lt(12U)));
    EXPECT_EQ(bench.link.received() / 14 + bench.link.chip().lost_commands(), 20U);
}

}  // namespace
}  // namespace minikvm::sim
