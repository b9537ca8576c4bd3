// SPDX-License-Identifier: MIT
// minikvmctl status, on a terminal and elsewhere.

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/fakes/minikvmctl_bench.h"
#include "tests/fakes/terminal_process.h"

namespace minikvm {
namespace {

using testing::HasSubstr;
using testing::Not;

class MinikvmctlStatus : public MinikvmctlBench {};

TEST_F(MinikvmctlStatus, ShowsAStickOnOneScreen) {
    plug_in("usb3");
    sticks_.front()->publish("usb/device", "1d6b:0104 Memory");

    EXPECT_EQ(run({"status"}), 0);

    EXPECT_THAT(output_, HasSubstr("usb3 stick-usb3  ready"));
    EXPECT_THAT(output_, HasSubstr("1d6b:0104 Memory"));
    EXPECT_LE(std::ranges::count(output_, '\n'), 24);
}

TEST_F(MinikvmctlStatus, ShowsAllSticksWhenNoneIsNamed) {
    plug_in("usb3");
    plug_in("usb5");

    EXPECT_EQ(run({"status"}), 0);

    EXPECT_THAT(output_, HasSubstr("usb3 stick-usb3"));
    EXPECT_THAT(output_, HasSubstr("\n\nusb5 stick-usb5"));
}

TEST_F(MinikvmctlStatus, ShowsTheNamedStickAlone) {
    plug_in("usb3");
    plug_in("usb5");

    EXPECT_EQ(run({"status", "--stick", "stick-usb5"}), 0);

    EXPECT_THAT(output_, Not(HasSubstr("usb3")));
}

TEST_F(MinikvmctlStatus, HasEveryReadableValueInItsJson) {
    plug_in("usb3");

    EXPECT_EQ(run({"--json", "status"}), 0);

    const nlohmann::json status = nlohmann::json::parse(output_);
    ASSERT_EQ(status.size(), 1U);
    EXPECT_EQ(status[0]["stick"], "usb3");
    EXPECT_EQ(status[0]["values"].size(), kSmallTree.size() - 1);  // one can only be set
    EXPECT_EQ(status[0]["values"]["usb/switch"], "host");
    EXPECT_EQ(status[0]["values"]["usb/slide"], "unknown");
    EXPECT_EQ(status[0]["problems"], nlohmann::json::array());
}

TEST_F(MinikvmctlStatus, IsColouredOnATerminal) {
    plug_in("usb3");

    TerminalProcess process(command_with({"TERM=xterm", "NO_COLOR="}, {"status"}));

    EXPECT_THAT(process.shown(), HasSubstr("\x1b[32mready\x1b[0m"));
    EXPECT_EQ(process.wait(), 0);
}

TEST_F(MinikvmctlStatus, HasNoColoursInAPipe) {
    plug_in("usb3");

    EXPECT_EQ(run_command(command_with({"TERM=xterm"}, {"status"})), 0);

    EXPECT_THAT(output_, Not(HasSubstr("\x1b")));
}

TEST_F(MinikvmctlStatus, HasNoColoursForWhoWantsNone) {
    plug_in("usb3");

    for (const char* wish : {"NO_COLOR=1", "TERM=dumb"}) {
        TerminalProcess process(command_with({"TERM=xterm", wish}, {"status"}));
        EXPECT_THAT(process.shown(), Not(HasSubstr("\x1b"))) << wish;
        EXPECT_EQ(process.wait(), 0);
    }
}

TEST_F(MinikvmctlStatus, SaysThatNoStickIsPluggedIn) {
    EXPECT_EQ(run({"status"}), 3);
    EXPECT_EQ(errors_, "minikvmctl: no Mini-KVM is plugged in\n");
}

}  // namespace
}  // namespace minikvm
