// SPDX-License-Identifier: MIT
// How the simulated CH9329 cuts its line into packets.

#include <gtest/gtest.h>

#include "tests/fakes/sim_serial_bench.h"

namespace minikvm::sim {
namespace {

using namespace std::chrono_literals;

TEST(SimCh9329Packet, MayBeginBehindNoise) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to("00 57 12 " + kKeyADown), kKeyboardAck);
}

TEST(SimCh9329Packet, MayPauseForTheInterval) {
    SerialBench bench;
    bench.send("57 AB 00 02 08 00 00");
    bench.run_for(line_time(7, 115200) + 2900us);

    EXPECT_EQ(bench.answer_to("04 00 00 00 00 00 10"), kKeyboardAck);
}

TEST(SimCh9329Packet, EndsAfterALongerPause) {
    SerialBench bench;
    bench.send("57 AB 00 02 08 00 00");
    bench.run_for(line_time(7, 115200) + 3040us);

    EXPECT_EQ(bench.answer_to("04 00 00 00 00 00 10"), frame(0xC2, "E1"));
}

TEST(SimCh9329Packet, MayPauseAsLongAt9600) {
    Ch9329Options options;
    options.initial = InitialConfiguration::Factory;
    SerialBench bench(options, 9600);
    bench.send("57 AB 00 02 08 00 00");
    bench.run_for(line_time(7, 9600) + 2900us);

    EXPECT_EQ(bench.answer_to("04 00 00 00 00 00 10"), kKeyboardAck);
}

TEST(SimCh9329Packet, PausesAsItsParameterSays) {
    SerialBench bench;
    bench.answer_to(frame(0x09, block_beginning("02 80 00 00 01 C2 00 08 00 00 0A")));
    bench.answer_to(kReset);
    bench.run_for(kBootTime);
    bench.send("57 AB 00 02 08 00 00");
    bench.run_for(line_time(7, 115200) + 9ms);

    EXPECT_EQ(bench.answer_to("04 00 00 00 00 00 10"), kKeyboardAck);
}

TEST(SimCh9329Packet, IsFollowedByAWholeOneAfterItsTimeout) {
    SerialBench bench;
    EXPECT_EQ(bench.answer_to("57 AB 00 02 08 00"), frame(0xC2, "E1"));

    EXPECT_EQ(bench.answer_to(kKeyADown), kKeyboardAck);
}

TEST(SimCh9329Packet, EndsInSilenceBeforeItsCommand) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to("57 AB 00"), "");
}

TEST(SimCh9329Packet, EndsInSilenceWhenToldTo) {
    Ch9329Options options;
    options.answers_incomplete = false;
    SerialBench bench(options);

    EXPECT_EQ(bench.answer_to("57 AB 00 02 08"), "");
}

TEST(SimCh9329Packet, WithoutAHeadIsNotAnswered) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to("57 AA 00 01 00 02"), "");
}

TEST(SimCh9329Packet, WithoutAHeadIsAnsweredWhenToldTo) {
    Ch9329Options options;
    options.answers_bad_header = true;
    SerialBench bench(options);

    EXPECT_EQ(bench.answer_to("57 AA 00 01 00 02"), frame(0xC1, "E2"));
}

TEST(SimCh9329Packet, IsNeverLongerThan64Bytes) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to("57 AB 00 02 41 " + kKeyADown), kKeyboardAck);
}

TEST(SimCh9329Packet, ToAnyAddressIsForAChipAtAddressZero) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to(frame(0x02, "00 00 04 00 00 00 00 00", 0x07)), kKeyboardAck);
}

TEST(SimCh9329Packet, ToAllIsExecutedWithoutAnswer) {
    SerialBench bench;

    EXPECT_EQ(bench.answer_to(frame(0x02, "00 00 04 00 00 00 00 00", 0xFF)), "");

    EXPECT_EQ(bench.lines.size(), 1U);
}

TEST(SimCh9329Packet, ToAnotherAddressIsNotHeard) {
    SerialBench bench;
    bench.answer_to(frame(0x09, block_beginning("02 80 05")));
    bench.answer_to(kReset);
    bench.run_for(kBootTime);
    bench.lines.clear();

    EXPECT_EQ(bench.answer_to(frame(0x02, "00 00 04 00 00 00 00 00", 0x06)), "");
    EXPECT_TRUE(bench.lines.empty());
}

TEST(SimCh9329Packet, ToItsOwnAddressIsAnsweredFromThere) {
    SerialBench bench;
    bench.answer_to(frame(0x09, block_beginning("02 80 05")));
    bench.answer_to(kReset);
    bench.run_for(kBootTime);

    EXPECT_EQ(bench.answer_to(frame(0x02, "00 00 04 00 00 00 00 00", 0x05)),
              frame(0x82, "00", 0x05));
}

}  // namespace
}  // namespace minikvm::sim
