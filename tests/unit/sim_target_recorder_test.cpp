// SPDX-License-Identifier: MIT
// The target recorder's lines, which tests and users read.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/serial/target_lines.h"
#include "sim/serial/target_recorder.h"

namespace minikvm::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

constexpr TimePoint kReportedAt{12s + 345ns};

struct RecordedTarget {
    std::vector<std::string> lines;
    TargetRecorder recorder{[this](const std::string& line) { lines.push_back(line); }};
};

TEST(SimTargetLine, OfAKeyboardNamesModifiersKeys) {
    EXPECT_EQ(report_line(kReportedAt, KeyboardReport{0x02, {0x04, 0, 0, 0, 0, 0}}),
              R"({"t":12.000000345,"report":"keyboard","hex":"0200040000000000",)"
              R"("modifiers":2,"keys":[4]})");
}

TEST(SimTargetLine, OfAReleasedKeyboardHasNoKeys) {
    EXPECT_EQ(report_line(kReportedAt, KeyboardReport{}),
              R"({"t":12.000000345,"report":"keyboard","hex":"0000000000000000",)"
              R"("modifiers":0,"keys":[]})");
}

TEST(SimTargetLine, OfARelativeMouseIsSigned) {
    EXPECT_EQ(report_line(kReportedAt, RelativeMouseReport{1, 5, -3, -1}),
              R"({"t":12.000000345,"report":"mouse-relative","hex":"0105fdff",)"
              R"("buttons":1,"dx":5,"dy":-3,"wheel":-1})");
}

TEST(SimTargetLine, OfAnAbsoluteMouseHasItsPlace) {
    EXPECT_EQ(report_line(kReportedAt, AbsoluteMouseReport{1, 4095, 200, 0}),
              R"({"t":12.000000345,"report":"mouse-absolute","hex":"01ff0fc80000",)"
              R"("buttons":1,"x":4095,"y":200,"wheel":0})");
}

TEST(SimTargetLine, OfConsumerKeysNamesUsages) {
    EXPECT_EQ(report_line(kReportedAt, ConsumerReport{{0x04, 0x01, 0x80}}),
              R"({"t":12.000000345,"report":"consumer","hex":"040180","usages":[226,394,180]})");
}

TEST(SimTargetLine, OfSystemKeysNamesUsages) {
    EXPECT_EQ(report_line(kReportedAt, SystemReport{0x02}),
              R"({"t":12.000000345,"report":"system","hex":"02","usages":[130]})");
}

TEST(SimTargetLine, OfACustomReportHasItsBytes) {
    EXPECT_EQ(report_line(kReportedAt, CustomReport{{0x01, 0xAB}}),
              R"({"t":12.000000345,"report":"custom","hex":"01ab"})");
}

TEST(SimTargetLine, OfLedsNamesThem) {
    EXPECT_EQ(leds_line(kReportedAt, kLedNum | kLedScroll),
              R"({"t":12.000000345,"event":"leds","leds":["num","scroll"]})");
}

TEST(SimTargetRecorder, WritesALineWhenTheTargetGoesOrComes) {
    RecordedTarget target;

    target.recorder.set_state(kReportedAt, TargetState::Absent);
    target.recorder.set_state(kReportedAt, TargetState::Present);
    target.recorder.set_state(kReportedAt, TargetState::Unplugged);

    EXPECT_THAT(target.lines, ElementsAre(R"({"t":12.000000345,"event":"absent"})",
                                          R"({"t":12.000000345,"event":"present"})",
                                          R"({"t":12.000000345,"event":"unplugged"})"));
}

TEST(SimTargetRecorder, WritesNothingWhenNothingChanges) {
    RecordedTarget target;

    target.recorder.set_state(kReportedAt, TargetState::Present);
    target.recorder.set_leds(kReportedAt, 0);

    EXPECT_TRUE(target.lines.empty());
}

TEST(SimTargetRecorder, ForgetsKeysWhenTheTargetWasAway) {
    RecordedTarget target;
    target.recorder.receive(kReportedAt, KeyboardReport{0, {0x04, 0, 0, 0, 0, 0}});

    target.recorder.set_state(kReportedAt, TargetState::Absent);
    target.recorder.set_state(kReportedAt, TargetState::Present);

    EXPECT_EQ(target.recorder.held_keys().usages[0], 0);
}

TEST(SimTargetRecorder, HasNoLedsLitWhileAbsent) {
    RecordedTarget target;
    target.recorder.set_leds(kReportedAt, kLedCaps);

    target.recorder.set_state(kReportedAt, TargetState::Absent);
    target.recorder.set_leds(kReportedAt, kLedNum);

    EXPECT_EQ(target.recorder.leds(), 0);
}

TEST(SimTargetRecorder, KeepsTheButtonsOfItsTwoMiceApart) {
    RecordedTarget target;
    target.recorder.receive(kReportedAt, RelativeMouseReport{1, 0, 0, 0});

    target.recorder.receive(kReportedAt, AbsoluteMouseReport{0, 10, 10, 0});

    EXPECT_EQ(target.recorder.held_buttons().relative, 1);
}

}  // namespace
}  // namespace minikvm::sim
