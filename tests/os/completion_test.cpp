// SPDX-License-Identifier: MIT
// Tab in a shell, on a command line of minikvmctl.

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/child_process.h"
#include "tests/fakes/control_daemon.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

class Completion : public testing::Test {
protected:
    void plug_in(const std::string& id) {
        sticks_.push_back(std::make_unique<ControlDaemon>(directory_.path(), id));
    }

    /// What bash offers behind these words, of which the last one is being typed.
    std::vector<std::string> offered(std::vector<std::string> words) const {
        words.insert(words.begin(), {MINIKVMCTL, "--runtime-dir", directory_.path()});
        const std::string script =
            "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
            "_minikvmctl; printf '%s\\n' \"${COMPREPLY[@]}\"";
        words.insert(words.begin(), {"/bin/bash", "-c", script, "bash", MINIKVMCTL_COMPLETION});
        ChildProcess shell(words);
        std::vector<std::string> offers;
        for (std::string line = shell.read_line(); line != "(nothing)"; line = shell.read_line()) {
            if (!line.empty()) {
                offers.push_back(line);
            }
        }
        EXPECT_EQ(shell.errors(), "");
        return offers;
    }

    TemporaryDirectory directory_;
    std::vector<std::unique_ptr<ControlDaemon>> sticks_;
};

TEST_F(Completion, OffersCommands) {
    EXPECT_THAT(offered({""}), IsSupersetOf({"list", "get", "set", "usb", "doctor"}));
    EXPECT_THAT(offered({"li"}), ElementsAre("list"));
}

TEST_F(Completion, OffersCommandsOfACommand) {
    EXPECT_THAT(offered({"mouse", ""}), ElementsAre("move", "point", "click", "scroll"));
    EXPECT_THAT(offered({"config", "s"}), ElementsAre("show"));
}

TEST_F(Completion, OffersOptionsOfACommandAndOfAll) {
    EXPECT_THAT(offered({"usb", "--"}), IsSupersetOf({"--wait", "--stick", "--json"}));
    EXPECT_THAT(offered({"list", "--"}), Not(Contains("--wait")));
}

TEST_F(Completion, OffersTheWordsThatAnOperandTakes) {
    EXPECT_THAT(offered({"usb", ""}), UnorderedElementsAre("cycle", "host", "target", "toggle"));
    EXPECT_THAT(offered({"usb", "host", ""}), IsEmpty());
}

TEST_F(Completion, OffersAttributesThatCanBeRead) {
    plug_in("usb3");

    EXPECT_THAT(offered({"get", "usb/"}),
                ElementsAre("usb/device", "usb/power", "usb/slide", "usb/switch", "usb/verified"));
    EXPECT_THAT(offered({"get", "name", "sta"}), ElementsAre("state"));
}

TEST_F(Completion, OffersAttributesThatCanBeSet) {
    plug_in("usb3");

    EXPECT_THAT(offered({"set", ""}), ElementsAre("input/release_all", "usb/power", "usb/switch"));
    EXPECT_THAT(offered({"set", "usb/switch", ""}), ElementsAre("host"));
}

TEST_F(Completion, OffersFoldersToWatch) {
    plug_in("usb3");

    EXPECT_THAT(offered({"watch", "us"}), AllOf(Contains("usb"), Contains("usb/switch")));
}

TEST_F(Completion, OffersSticksByIdAndByName) {
    plug_in("usb3");
    plug_in("usb5");

    EXPECT_THAT(offered({"--stick", ""}), ElementsAre("usb3", "stick-usb3", "usb5", "stick-usb5"));
    EXPECT_THAT(offered({"get", "--stick", "usb5", "sta"}), ElementsAre("state"));
}

TEST_F(Completion, OffersDirectoriesToMountOn) {
    plug_in("usb3");

    EXPECT_THAT(offered({"mount", directory_.path() + "/u"}),
                ElementsAre(directory_.path() + "/usb3"));
}

TEST_F(Completion, OffersFilesForAScreenshot) {
    plug_in("usb3");

    EXPECT_THAT(offered({"screenshot", directory_.path() + "/u"}),
                ElementsAre(directory_.path() + "/usb3"));
    EXPECT_THAT(offered({"screenshot", "--c"}), ElementsAre("--card"));
}

TEST_F(Completion, OffersNothingWhereNoStickIs) {
    EXPECT_THAT(offered({"get", ""}), IsEmpty());
    EXPECT_THAT(offered({"no-such-command", ""}), IsEmpty());
}

}  // namespace
}  // namespace minikvm
