// SPDX-License-Identifier: MIT
// The simulated serial line: nothing on it is faster than ten bits a byte.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/sim_serial_bench.h"

namespace minikvm::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

constexpr unsigned kDivisor115200 = 115385;  // what the CH340's divisor CC83 really gives
constexpr unsigned kDivisor9600 = 9615;      // B282

Ch9329Options factory() {
    Ch9329Options options;
    options.initial = InitialConfiguration::Factory;
    return options;
}

/// A frame's row in the table of hardware.md 5.9.
struct Row {
    const char* name;
    const char* frame;
    std::chrono::microseconds at_9600;
    std::chrono::microseconds at_115200;
};

class SimSerialLinkTime : public ::testing::TestWithParam<Row> {};

TEST_P(SimSerialLinkTime, IsThatOfTheTableAt115200) {
    SerialBench bench;
    bench.send(GetParam().frame);

    // The first byte of the answer takes 87 us.
    EXPECT_THAT(bench.time_until_received(1),
                AllOf(Ge(GetParam().at_115200 + 86us), Le(GetParam().at_115200 + 320us)));
}

TEST_P(SimSerialLinkTime, IsThatOfTheTableAt9600) {
    SerialBench bench(factory(), 9600);
    bench.send(GetParam().frame);

    EXPECT_THAT(bench.time_until_received(1),
                AllOf(Ge(GetParam().at_9600 + 1040us), Le(GetParam().at_9600 + 1340us)));
}

INSTANTIATE_TEST_SUITE_P(
    Frames, SimSerialLinkTime,
    ::testing::Values(Row{"keyboard", "57 AB 00 02 08 00 00 04 00 00 00 00 00 10", 14583us, 1215us},
                      Row{"absolute mouse", "57 AB 00 04 07 02 01 64 00 C8 00 00 3C", 13541us,
                          1128us},
                      Row{"relative mouse", "57 AB 00 05 05 01 01 05 FD 00 10", 11458us, 954us},
                      Row{"media", "57 AB 00 03 04 02 04 00 00 0F", 10416us, 868us}));

TEST(SimSerialLink, EndsAKeyboardCommandInStopAndWaitTimeAt115200) {
    SerialBench bench;
    bench.send(kKeyADown);

    EXPECT_THAT(bench.time_until_received(7), AllOf(Ge(1822us), Le(2050us)));
}

TEST(SimSerialLink, EndsAKeyboardCommandInStopAndWaitTimeAt9600) {
    SerialBench bench(factory(), 9600);
    bench.send(kKeyADown);

    EXPECT_THAT(bench.time_until_received(7), AllOf(Ge(21874us), Le(22100us)));
}

TEST(SimSerialLink, GivesTheReportWhenTheFrameIsOver) {
    SerialBench bench;
    bench.send(kKeyADown);
    bench.run_for(1215us);
    EXPECT_TRUE(bench.lines.empty());

    bench.run_for(210us);

    EXPECT_EQ(bench.lines.size(), 1U);
}

TEST(SimSerialLink, CarriesBothWaysAtOnce) {
    SerialBench bench;
    for (int i = 0; i < 100; ++i) {
        bench.send(kKeyADown);
    }

    // 100 commands of 14 bytes, the last one's answer behind them: no pauses between.
    EXPECT_THAT(bench.time_until_received(700), AllOf(Ge(121500us + 607us), Le(123ms)));
}

TEST(SimSerialLink, IsUnderstoodAtTheSpeedsOfARealDivisor) {
    SerialBench fast({}, kDivisor115200);
    SerialBench slow(factory(), kDivisor9600);

    EXPECT_EQ(fast.answer_to(kKeyADown), kKeyboardAck);
    EXPECT_EQ(slow.answer_to(kKeyADown), kKeyboardAck);
}

TEST(SimSerialLink, IsNotHeardAtAnotherSpeed) {
    SerialBench bench({}, 9600);

    EXPECT_EQ(bench.answer_to(kKeyADown), "");
    EXPECT_EQ(bench.link.chip().unheard_bytes(), 14U);
}

TEST(SimSerialLink, IsHeardAgainAtTheRightSpeed) {
    SerialBench bench({}, 9600);
    bench.answer_to(kKeyADown);

    bench.link.set_speed(bench.now, 115200);

    EXPECT_EQ(bench.answer_to(kKeyADown), kKeyboardAck);
}

TEST(SimSerialLink, LosesAnAnswerThatArrivesAtAnotherSpeed) {
    SerialBench bench;
    bench.send(kKeyADown);
    bench.run_for(1430us);
    bench.link.set_speed(bench.now, 9600);
    bench.run_for(SerialBench::kLongEnough);

    EXPECT_EQ(bench.received(), "");
}

TEST(SimSerialLink, LosesWhatWasOnTheWiresWhenUnplugged) {
    SerialBench bench;
    bench.send(kKeyADown);
    bench.run_for(500us);

    bench.link.unplug(bench.now);
    bench.run_for(SerialBench::kLongEnough);

    EXPECT_TRUE(bench.lines.empty());
}

TEST(SimSerialLink, ChangesSpeedWithTheNextByte) {
    UartLine line(9600);
    const TimePoint start{1s};
    line.send(start, bytes_of("01 02"));

    line.set_speed(115200);

    EXPECT_EQ(line.take(start + 1s)->ended, start + line_time(1, 9600));
    EXPECT_EQ(line.take(start + 1s)->ended, start + line_time(1, 9600) + line_time(1, 115200));
}

TEST(SimSerialLink, WantsToBeCalledAtTheEndOfAFrameRatherThanForEachByte) {
    SerialBench bench;
    bench.send(kGetInfo);

    EXPECT_EQ(bench.link.next_wakeup(bench.now), bench.now + 6 * line_time(1, 115200));
}

TEST(SimSerialLink, WantsToBeCalledWhenTheBridgeHasRoom) {
    SerialBench bench;
    for (int i = 0; i < 10; ++i) {
        bench.send(kGetInfo);
    }

    EXPECT_EQ(bench.link.next_wakeup(bench.now), bench.now + 28 * line_time(1, 115200));
}

TEST(SimSerialLink, WantsToBeCalledOnceAUsbFrameWhileAnAnswerArrives) {
    SerialBench bench(factory(), 9600);
    bench.send(kGetInfo);
    bench.time_until_received(1);

    EXPECT_EQ(bench.link.next_wakeup(bench.now), bench.now + kUsbFrame);
}

TEST(SimSerialLink, WantsNothingWhenNothingHappens) {
    SerialBench bench;
    bench.answer_to(kKeyADown);

    EXPECT_FALSE(bench.link.next_wakeup(bench.now));
}

}  // namespace
}  // namespace minikvm::sim
