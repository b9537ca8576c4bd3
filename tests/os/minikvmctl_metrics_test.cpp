// SPDX-License-Identifier: MIT
// minikvmctl metrics of real sockets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/minikvmctl_bench.h"

namespace minikvm {
namespace {

using testing::HasSubstr;
using testing::Not;

class MinikvmctlMetrics : public MinikvmctlBench {};

TEST_F(MinikvmctlMetrics, AreOfAllSticks) {
    plug_in("usb3");
    plug_in("usb5");

    EXPECT_EQ(run({"metrics"}), 0);

    EXPECT_THAT(output_, HasSubstr("minikvm_stick_info{stick=\"usb3\",name=\"stick-usb3\"} 1\n"
                                   "minikvm_stick_info{stick=\"usb5\",name=\"stick-usb5\"} 1\n"));
}

TEST_F(MinikvmctlMetrics, AreOfOneThatIsNamed) {
    plug_in("usb3");
    plug_in("usb5");

    EXPECT_EQ(run({"--stick", "usb5", "metrics"}), 0);

    EXPECT_THAT(output_, Not(HasSubstr("usb3")));
}

TEST_F(MinikvmctlMetrics, AreThereWithoutAStick) {
    EXPECT_EQ(run({"metrics"}), 0);

    EXPECT_THAT(output_, HasSubstr("\nminikvm_sticks 0\n"));
}

TEST_F(MinikvmctlMetrics, AreNotOfAStickThatIsNotThere) {
    plug_in("usb3");

    EXPECT_EQ(run({"metrics", "--stick", "usb9"}), 3);
    EXPECT_EQ(output_, "");
}

TEST_F(MinikvmctlMetrics, HaveNoJson) {
    EXPECT_EQ(run({"metrics", "--json"}), 2);
}

}  // namespace
}  // namespace minikvm
