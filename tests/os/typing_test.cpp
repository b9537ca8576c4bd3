// SPDX-License-Identifier: MIT
// minikvmctl type, key and mouse: a real process against a real input socket.

#include <signal.h>

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/child_process.h"
#include "tests/fakes/control_daemon.h"
#include "tests/fakes/input_daemon.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

using hid::HidUsage;
using hid::KeyboardReport;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint8_t kShift = 0x02;  // docs/hardware.md 5.3

KeyboardReport keys(std::uint8_t modifiers, std::uint8_t usage = 0) {
    return {modifiers, {HidUsage{usage}}};
}

class Typing : public testing::Test {
protected:
    void SetUp() override { before_ = input_.keyboard_reports().size(); }

    int run(std::vector<std::string> words) {
        words.insert(words.begin(), {MINIKVMCTL, "--runtime-dir", directory_.path()});
        ChildProcess process(words);
        output_ = process.output();
        errors_ = process.errors();
        return process.wait();
    }
    /// Without those of the start.
    std::vector<KeyboardReport> typed() {
        std::vector<KeyboardReport> reports = input_.keyboard_reports();
        reports.erase(reports.begin(), reports.begin() + static_cast<std::ptrdiff_t>(before_));
        return reports;
    }

    TemporaryDirectory directory_;
    ControlDaemon control_{directory_.path(), "usb3"};
    InputDaemon input_{directory_.path(), "usb3"};
    std::size_t before_ = 0;
    std::string output_;
    std::string errors_;
};

TEST_F(Typing, PressesAndReleasesTheKeysOfEachCharacter) {
    EXPECT_EQ(run({"type", "aB"}), 0);

    EXPECT_THAT(typed(), ElementsAre(keys(0, 0x04), keys(0), keys(kShift), keys(kShift, 0x05),
                                     keys(kShift), keys(0)));
    EXPECT_EQ(output_ + errors_, "");
}

TEST_F(Typing, ListsWhatTheLayoutCannotMakeAndTypesNothing) {
    EXPECT_EQ(run({"type", "--layout", "us", "aü€ü"}), 2);

    EXPECT_THAT(errors_, HasSubstr("layout us has no key for: ü U+00FC, € U+20AC"));
    EXPECT_THAT(typed(), IsEmpty());
}

TEST_F(Typing, LeavesOutWhatTheLayoutCannotMakeWhenToldTo) {
    EXPECT_EQ(run({"type", "--skip", "--layout", "us", "ü"}), 0);
    EXPECT_EQ(run({"type", "--skip", "--layout", "us", "aü"}), 0);

    EXPECT_THAT(typed(), ElementsAre(keys(0, 0x04), keys(0)));
}

TEST_F(Typing, KeepsToItsRate) {
    const TimePoint begin = Clock::now();

    EXPECT_EQ(run({"type", "--rate", "20", "aaaaa"}), 0);

    EXPECT_GE(Clock::now() - begin, std::chrono::milliseconds(200));
}

TEST_F(Typing, StopsAtCtrlCWithEverythingReleased) {
    ChildProcess process({MINIKVMCTL, "--runtime-dir", directory_.path(), "type", "--rate", "10",
                          std::string(100, 'a')});
    ASSERT_TRUE(input_.wait_until([](const auto& reports) {
        return std::ranges::find(reports, HidReport(keys(0, 0x04))) != reports.end();
    }));

    process.signal(SIGINT);

    EXPECT_EQ(process.wait(), 1);
    EXPECT_THAT(process.errors(), HasSubstr("of 100 characters"));
    EXPECT_EQ(typed().back(), keys(0));
}

TEST_F(Typing, TypesNothingWithoutATarget) {
    input_.set_target(InputTarget::Absent, {});

    EXPECT_EQ(run({"type", "a"}), 1);

    EXPECT_THAT(errors_, HasSubstr("target is off"));
    EXPECT_THAT(typed(), IsEmpty());
}

TEST_F(Typing, SaysThatTheInputIsNotUtf8) {
    EXPECT_EQ(run({"type", "a\xFF"}), 2);

    EXPECT_THAT(errors_, HasSubstr("not UTF-8 at byte 2"));
}

TEST_F(Typing, PressesAChordTogether) {
    EXPECT_EQ(run({"key", "ctrl+c"}), 0);

    EXPECT_THAT(typed(), ElementsAre(keys(0x01), keys(0x01, 0x06), keys(0x01), keys(0)));
}

TEST_F(Typing, MovesThePointerUpAndLeft) {
    EXPECT_EQ(run({"mouse", "move", "-5", "-3"}), 0);

    EXPECT_TRUE(input_.wait_until([](const auto& reports) {
        const auto* report = std::get_if<hid::RelativeMouseReport>(&reports.back());
        return report != nullptr && report->dx == -5 && report->dy == -3;
    }));
}

TEST_F(Typing, ClicksAtAPlaceOfTheScreen) {
    EXPECT_EQ(run({"mouse", "click", "right", "--at", "50", "100"}), 0);

    EXPECT_TRUE(input_.wait_until([](const auto& reports) {
        return std::ranges::find(reports, HidReport(hid::AbsoluteMouseReport{
                                              .buttons = 2, .x = 2048, .y = 4095})) !=
               reports.end();
    }));
}

}  // namespace
}  // namespace minikvm
