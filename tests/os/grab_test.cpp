// SPDX-License-Identifier: MIT
// minikvmctl grab: a real process against a forwarder's control socket.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/child_process.h"
#include "tests/fakes/control_daemon.h"
#include "tests/fakes/forward_daemon.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

using testing::HasSubstr;

class Grab : public testing::Test {
protected:
    int run(std::vector<std::string> words) {
        words.insert(words.begin(), {MINIKVMCTL, "--runtime-dir", directory_.path(), "grab"});
        ChildProcess process(words);
        output_ = process.output();
        errors_ = process.errors();
        return process.wait();
    }

    TemporaryDirectory directory_;
    ControlDaemon stick_{directory_.path(), "usb3"};
    std::string output_;
    std::string errors_;
};

TEST_F(Grab, GoesToTheOnlyStick) {
    ForwardDaemon forwarder(directory_.path());

    EXPECT_EQ(run({}), 0);

    EXPECT_EQ(output_ + errors_, "usb3\n");
    EXPECT_EQ(forwarder.get("target"), "usb3");
}

TEST_F(Grab, GoesToAStickByItsName) {
    ForwardDaemon forwarder(directory_.path());

    EXPECT_EQ(run({"stick-usb3"}), 0);

    EXPECT_EQ(forwarder.get("target"), "usb3");
}

TEST_F(Grab, ComesBackWhenItIsSwitchedOff) {
    ForwardDaemon forwarder(directory_.path());
    run({});

    EXPECT_EQ(run({"off"}), 0);

    EXPECT_EQ(output_, "host\n");
    EXPECT_EQ(forwarder.get("state"), "host");
}

TEST_F(Grab, LimitsATrialInSecondsOrMinutes) {
    ForwardDaemon forwarder(directory_.path());

    EXPECT_EQ(run({"--for", "2m"}), 0);
    EXPECT_EQ(forwarder.get("trial_s"), "120");
    EXPECT_EQ(run({"--for", "15s"}), 0);
    EXPECT_EQ(forwarder.get("trial_s"), "15");
}

TEST_F(Grab, RefusesATimeThatIsNone) {
    for (const char* const wrong : {"", "s", "0", "-3s", "2h", "61m", "15 s"}) {
        EXPECT_EQ(run({"--for", wrong}), 2) << wrong;
    }
}

TEST_F(Grab, SaysWhyItCameBackAtOnce) {
    ForwardDaemon forwarder(directory_.path());
    forwarder.refuse("the stick is not there");

    EXPECT_EQ(run({}), 1);

    EXPECT_THAT(errors_, HasSubstr("given back: stick-gone: the stick is not there"));
}

TEST_F(Grab, ShowsWhereTheyAre) {
    ForwardDaemon forwarder(directory_.path());

    EXPECT_EQ(run({"status", "--json"}), 0);

    EXPECT_EQ(output_, R"({"state":"host","target":"host","given_back":"never","problem":""})"
                       "\n");
}

TEST_F(Grab, SaysThatNoForwarderRuns) {
    EXPECT_EQ(run({"status"}), 1);

    EXPECT_THAT(errors_, HasSubstr("minikvm-forward does not run"));
}

TEST_F(Grab, KnowsNoStickOfThatName) {
    ForwardDaemon forwarder(directory_.path());

    EXPECT_EQ(run({"usb9"}), 3);
}

}  // namespace
}  // namespace minikvm
