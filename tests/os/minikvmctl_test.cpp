// SPDX-License-Identifier: MIT
// minikvmctl as a user meets it: a real process against real control sockets.

#include <unistd.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/child_process.h"
#include "tests/fakes/minikvmctl_bench.h"

namespace minikvm {
namespace {

using testing::HasSubstr;

class Minikvmctl : public MinikvmctlBench {};

TEST_F(Minikvmctl, ListsAStickInOneLine) {
    plug_in("usb3");

    EXPECT_EQ(run({"list"}), 0);
    EXPECT_EQ(output_, "usb3 stick-usb3 ready /dev/video10\n");
}

TEST_F(Minikvmctl, ListsNothingWhereNoStickIs) {
    EXPECT_EQ(run({"list"}), 0);
    EXPECT_EQ(output_ + errors_, "");
}

TEST_F(Minikvmctl, ListsAsJson) {
    plug_in("usb3");

    EXPECT_EQ(run({"list", "--json"}), 0);
    EXPECT_EQ(output_,
              R"([{"id":"usb3","name":"stick-usb3","state":"ready","camera":"/dev/video10"}])"
              "\n");
}

TEST_F(Minikvmctl, PrintsOneValueBare) {
    plug_in("usb3");

    EXPECT_EQ(run({"get", "usb/switch"}), 0);
    EXPECT_EQ(output_, "host\n");
}

TEST_F(Minikvmctl, PrintsSeveralValuesWithTheirNames) {
    plug_in("usb3");

    EXPECT_EQ(run({"get", "usb/switch", "state"}), 0);
    EXPECT_EQ(output_, "usb/switch host\nstate ready\n");
}

TEST_F(Minikvmctl, PrintsValuesAsJson) {
    plug_in("usb3");

    EXPECT_EQ(run({"--json", "get", "usb/switch", "state"}), 0);
    EXPECT_EQ(output_, R"([{"stick":"usb3","values":{"usb/switch":"host","state":"ready"}}])"
                       "\n");
}

TEST_F(Minikvmctl, ReadsAllSticksWhenNoneIsNamed) {
    plug_in("usb3");
    plug_in("usb5");

    EXPECT_EQ(run({"get", "state"}), 0);
    EXPECT_EQ(output_, "usb3 ready\nusb5 ready\n");
}

TEST_F(Minikvmctl, FindsAStickByItsName) {
    plug_in("usb3");
    plug_in("usb5");

    EXPECT_EQ(run({"get", "name", "--stick", "stick-usb5"}), 0);
    EXPECT_EQ(output_, "stick-usb5\n");
}

TEST_F(Minikvmctl, PrintsWhatAValueIsAfterASet) {
    plug_in("usb3");

    EXPECT_EQ(run({"set", "usb/switch", "target"}), 0);
    EXPECT_EQ(output_, "target\n");
}

TEST_F(Minikvmctl, PrintsASetAsJson) {
    plug_in("usb3");

    EXPECT_EQ(run({"set", "usb/switch", "target", "--json"}), 0);
    EXPECT_EQ(output_, "[{\"stick\":\"usb3\",\"values\":{\"usb/switch\":\"target\"}}]\n");
}

TEST_F(Minikvmctl, RefusesAChangeThatCouldMeanSeveralSticks) {
    plug_in("usb3");
    plug_in("usb5");

    EXPECT_EQ(run({"set", "usb/switch", "target"}), 2);
    EXPECT_THAT(errors_, HasSubstr("usb3 usb5"));
    EXPECT_EQ(run({"get", "usb/switch"}), 0);
    EXPECT_EQ(output_, "usb3 host\nusb5 host\n");
}

TEST_F(Minikvmctl, ListsAttributesWithTheirAccess) {
    plug_in("usb3");

    EXPECT_EQ(run({"ls", "usb"}), 0);
    EXPECT_EQ(output_, "usb/device r\nusb/power rw\nusb/slide r\nusb/switch rw\nusb/verified r\n");
}

TEST_F(Minikvmctl, ListsAttributesAsJson) {
    plug_in("usb3");

    EXPECT_EQ(run({"ls", "usb/switch", "--json"}), 0);
    EXPECT_EQ(output_, R"([{"stick":"usb3","attributes":[{"name":"usb/switch","access":"rw"}]}])"
                       "\n");
}

TEST_F(Minikvmctl, WatchesPresentValuesThenChanges) {
    plug_in("usb3");
    ChildProcess watcher(command({"watch", "usb/switch"}));
    EXPECT_EQ(watcher.read_line(), "usb/switch host");

    sticks_.front()->publish("usb/switch", "target");

    EXPECT_EQ(watcher.read_line(), "usb/switch target");
}

TEST_F(Minikvmctl, WatchesAllSticksWhenNoneIsNamed) {
    plug_in("usb3");
    plug_in("usb5");
    ChildProcess watcher(command({"watch", "usb/switch", "--json"}));
    EXPECT_EQ(watcher.read_line(), R"({"stick":"usb3","name":"usb/switch","value":"host"})");
    EXPECT_EQ(watcher.read_line(), R"({"stick":"usb5","name":"usb/switch","value":"host"})");

    sticks_.back()->publish("usb/switch", "target");

    EXPECT_EQ(watcher.read_line(), R"({"stick":"usb5","name":"usb/switch","value":"target"})");
}

TEST_F(Minikvmctl, EndsAWatchWhenTheDaemonEnds) {
    plug_in("usb3");
    ChildProcess watcher(command({"watch", "state"}));
    EXPECT_EQ(watcher.read_line(), "state ready");

    sticks_.clear();

    EXPECT_EQ(watcher.wait(), 1);
}

TEST_F(Minikvmctl, MovesTheUsbPort) {
    plug_in("usb3");

    EXPECT_EQ(run({"usb", "target"}), 0);
    EXPECT_EQ(output_, "target\n");
}

TEST_F(Minikvmctl, WaitsUntilTheUsbPortWasSeenToGo) {
    plug_in("usb3");
    ChildProcess waiter(command({"usb", "target", "--wait"}));

    sticks_.front()->publish("usb/verified", "yes");  // before or behind its look

    EXPECT_EQ(waiter.wait(), 0);
}

TEST_F(Minikvmctl, SaysWhatItSawWhenTheUsbPortDidNotGo) {
    plug_in("usb3");
    sticks_.front()->publish("usb/verified", "no");
    sticks_.front()->publish("usb/device", "1d6b:0104 Stick");

    EXPECT_EQ(run({"usb", "target", "--wait"}), 5);
    EXPECT_THAT(errors_, HasSubstr("1d6b:0104 Stick is on this computer"));
}

TEST_F(Minikvmctl, DoesNotClaimToHaveSeenWhatNobodyCan) {
    plug_in("usb3");
    sticks_.front()->publish("usb/verified", "unknown");

    EXPECT_EQ(run({"--json", "usb", "target", "--wait"}), 5);
    EXPECT_EQ(output_, R"([{"stick":"usb3","values":{"usb/switch":"target","usb/device":"",)"
                       R"("usb/verified":"unknown"}}])"
                       "\n");
}

// Every way in which a command can go wrong.

TEST_F(Minikvmctl, RefusesASideThatThereIsNot) {
    plug_in("usb3");

    EXPECT_EQ(run({"usb", "sideways"}), 2);
    EXPECT_THAT(errors_, HasSubstr("toggle"));
}

TEST_F(Minikvmctl, RefusesToMoveAPortThatCouldBeSeveral) {
    plug_in("usb3");
    plug_in("usb5");

    EXPECT_EQ(run({"usb", "target"}), 2);
    EXPECT_THAT(errors_, HasSubstr("usb3 usb5"));
}

TEST_F(Minikvmctl, RefusesEveryChangeThatCouldMeanSeveralSticks) {
    plug_in("usb3");
    plug_in("usb5");

    const std::vector<std::vector<std::string>> changes = {
        {"set", "usb/switch", "target"}, {"usb", "toggle"},           {"type", "a"}, {"key", "a"},
        {"mouse", "move", "1", "1"},     {"mount", directory_.path()}};
    for (const std::vector<std::string>& change : changes) {
        EXPECT_EQ(run(change), 2) << change.front();
        EXPECT_THAT(errors_, HasSubstr("usb3 usb5")) << change.front();
    }
}

TEST_F(Minikvmctl, RefusesAnUnknownCommand) {
    EXPECT_EQ(run({"switch", "target"}), 2);
}

TEST_F(Minikvmctl, RefusesAGetWithoutAName) {
    EXPECT_EQ(run({"get"}), 2);
}

TEST_F(Minikvmctl, SaysThatNoStickIsPluggedIn) {
    EXPECT_EQ(run({"get", "state"}), 3);
    EXPECT_EQ(errors_, "minikvmctl: no Mini-KVM is plugged in\n");
}

TEST_F(Minikvmctl, SaysWhichSticksThereAreForAWrongOne) {
    plug_in("usb3");

    EXPECT_EQ(run({"get", "state", "--stick", "usb9"}), 3);
    EXPECT_EQ(errors_, "minikvmctl: no stick is called usb9; there are: usb3\n");
}

TEST_F(Minikvmctl, SaysWhatWasMeantByAWrongName) {
    plug_in("usb3");

    EXPECT_EQ(run({"get", "usb/swich"}), 2);
    EXPECT_EQ(errors_, "minikvmctl: usb/swich: no such attribute; did you mean usb/switch\n");
}

TEST_F(Minikvmctl, SaysWhichValuesAreGoodForAWrongOne) {
    plug_in("usb3");

    EXPECT_EQ(run({"set", "usb/switch", "sideways"}), 2);
    EXPECT_EQ(errors_, "minikvmctl: usb/switch: \"sideways\" is not one of: host target toggle\n");
}

TEST_F(Minikvmctl, RefusesANameThatWouldBeASecondRequest) {
    plug_in("usb3");

    EXPECT_EQ(run({"get", "state\nset usb/switch target"}), 2);
}

TEST_F(Minikvmctl, LeavesOutASocketThatNobodyAnswers) {
    plug_in("usb3");
    plug_in("usb5");
    const std::string kept = sticks_.back()->socket_path();
    ASSERT_EQ(::link(kept.c_str(), (kept + ".kept").c_str()), 0);
    sticks_.pop_back();
    ASSERT_EQ(::rename((kept + ".kept").c_str(), kept.c_str()), 0);

    EXPECT_EQ(run({"list"}), 0);
    EXPECT_EQ(output_, "usb3 stick-usb3 ready /dev/video10\n");
}

}  // namespace
}  // namespace minikvm
