// SPDX-License-Identifier: MIT
// minikvmctl top in a terminal, with a person at its keys.

#include <signal.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/minikvmctl_bench.h"
#include "tests/fakes/terminal_process.h"

namespace minikvm {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kGivenBack = "\x1b[?25h\x1b[?1049l";

class MinikvmctlTop : public MinikvmctlBench {
protected:
    std::vector<std::string> top() const {
        return command_with({"TERM=xterm", "NO_COLOR=1", "LC_ALL=C.UTF-8"}, {"top"});
    }
};

TEST_F(MinikvmctlTop, ShowsAllSticksUntilQ) {
    plug_in("usb3");
    plug_in("usb5");
    TerminalProcess process(top());
    ASSERT_TRUE(process.shows("usb3 stick-usb3  ready"));
    ASSERT_TRUE(process.shows("usb5 stick-usb5  ready"));

    process.type("q");

    EXPECT_EQ(process.wait(), 0);
}

TEST_F(MinikvmctlTop, FollowsChanges) {
    plug_in("usb3");
    TerminalProcess process(top());
    ASSERT_TRUE(process.shows("USB-A host"));

    sticks_.front()->publish("usb/switch", "target");

    EXPECT_TRUE(process.shows("USB-A target"));
}

TEST_F(MinikvmctlTop, GivesTheTerminalBackOnQ) {
    plug_in("usb3");
    TerminalProcess process(top());
    ASSERT_TRUE(process.shows("q quits"));
    EXPECT_FALSE(process.modes_are_as_at_first());

    process.type("q");

    EXPECT_THAT(process.shown(), EndsWith(kGivenBack));
    EXPECT_TRUE(process.modes_are_as_at_first());
}

TEST_F(MinikvmctlTop, GivesTheTerminalBackOnCtrlC) {
    plug_in("usb3");
    TerminalProcess process(top());
    ASSERT_TRUE(process.shows("q quits"));

    process.type("\x03");

    EXPECT_EQ(process.wait(), 0);
    EXPECT_TRUE(process.modes_are_as_at_first());
}

TEST_F(MinikvmctlTop, GivesTheTerminalBackWhenItIsTerminated) {
    plug_in("usb3");
    TerminalProcess process(top());
    ASSERT_TRUE(process.shows("q quits"));

    process.signal(SIGTERM);

    EXPECT_EQ(process.wait(), 0);
    EXPECT_TRUE(process.modes_are_as_at_first());
}

TEST_F(MinikvmctlTop, GivesTheTerminalBackBeforeItSaysThatTheDaemonHasEnded) {
    plug_in("usb3");
    TerminalProcess process(top());
    ASSERT_TRUE(process.shows("q quits"));

    sticks_.clear();

    EXPECT_THAT(process.shown(), HasSubstr(std::string(kGivenBack) + "minikvmctl: "));
    EXPECT_EQ(process.wait(), 1);
}

TEST_F(MinikvmctlTop, RefusesWhereNoTerminalIs) {
    plug_in("usb3");

    EXPECT_EQ(run({"top"}), 2);
    EXPECT_THAT(errors_, HasSubstr("terminal"));
    EXPECT_EQ(output_, "");
}

TEST_F(MinikvmctlTop, SaysThatNoStickIsPluggedIn) {
    TerminalProcess process(top());

    EXPECT_THAT(process.shown(), HasSubstr("no Mini-KVM is plugged in"));
    EXPECT_EQ(process.wait(), 3);
}

}  // namespace
}  // namespace minikvm
