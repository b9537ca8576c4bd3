// SPDX-License-Identifier: MIT
// minikvmctl screenshot, against real control sockets.

#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/minikvmctl_bench.h"

namespace minikvm {
namespace {

using testing::HasSubstr;

class MinikvmctlScreenshot : public MinikvmctlBench {
protected:
    std::string file() const { return directory_.path() + "/shot.jpg"; }

    std::string content() const {
        std::ifstream stream(file());
        return {std::istreambuf_iterator<char>(stream), {}};
    }
};

TEST_F(MinikvmctlScreenshot, SavesThePictureInAFile) {
    plug_in("usb3");

    EXPECT_EQ(run({"screenshot", file()}), 0);

    EXPECT_EQ(content(), "picture 1");
    EXPECT_EQ(output_ + errors_, "");
}

TEST_F(MinikvmctlScreenshot, WritesThePictureToStandardOutput) {
    plug_in("usb3");

    EXPECT_EQ(run({"screenshot"}), 0);
    EXPECT_EQ(output_, "picture 1");

    EXPECT_EQ(run({"screenshot", "-"}), 0);
    EXPECT_EQ(output_, "picture 2");
}

TEST_F(MinikvmctlScreenshot, ReplacesAnEarlierPictureWhole) {
    plug_in("usb3");
    std::ofstream(file()) << "an earlier picture, which was longer";

    EXPECT_EQ(run({"screenshot", file()}), 0);

    EXPECT_EQ(content(), "picture 1");
}

TEST_F(MinikvmctlScreenshot, DescribesThePictureAsJson) {
    plug_in("usb3");

    EXPECT_EQ(run({"screenshot", "--json", file()}), 0);

    EXPECT_EQ(output_,
              R"({"stick":"usb3","file":")" + file() + R"(","size":"640x480","card":null})" + "\n");
}

TEST_F(MinikvmctlScreenshot, KeepsAnEarlierPictureWhereThereIsNone) {
    plug_in("usb3");
    sticks_.front()->lose_signal();
    std::ofstream(file()) << "an earlier picture";

    EXPECT_EQ(run({"screenshot", file()}), 1);

    EXPECT_EQ(errors_, "minikvmctl: screenshot: no screen signal\n");
    EXPECT_EQ(content(), "an earlier picture");
}

TEST_F(MinikvmctlScreenshot, TakesACardInsteadWhenAskedTo) {
    plug_in("usb3");
    sticks_.front()->lose_signal();

    EXPECT_EQ(run({"screenshot", "--card", "--json", file()}), 0);

    EXPECT_EQ(content(), "card");
    EXPECT_THAT(output_, HasSubstr(R"("card":"no-signal")"));
}

TEST_F(MinikvmctlScreenshot, SaysWhereItCannotWrite) {
    plug_in("usb3");

    EXPECT_EQ(run({"screenshot", directory_.path() + "/nowhere/shot.jpg"}), 1);
    EXPECT_THAT(errors_, HasSubstr("/nowhere/shot.jpg: No such file or directory"));
}

TEST_F(MinikvmctlScreenshot, PrintsNoPictureIntoJson) {
    plug_in("usb3");

    EXPECT_EQ(run({"screenshot", "--json"}), 2);
    EXPECT_THAT(errors_, HasSubstr("--json needs a FILE"));
}

TEST_F(MinikvmctlScreenshot, WantsToKnowWhichStick) {
    plug_in("usb3");
    plug_in("usb5");

    EXPECT_EQ(run({"screenshot", file()}), 2);
    EXPECT_EQ(run({"--stick", "usb5", "screenshot", file()}), 0);
    EXPECT_EQ(run({"--stick", "usb7", "screenshot", file()}), 3);
}

}  // namespace
}  // namespace minikvm
