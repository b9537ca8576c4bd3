// SPDX-License-Identifier: MIT
// minikvmctl pinout, with and without sticks.

#include <array>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/fakes/minikvmctl_bench.h"

namespace minikvm {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class MinikvmctlPinout : public MinikvmctlBench {};

TEST_F(MinikvmctlPinout, MarksWhatIsPluggedNow) {
    plug_in("usb3");
    sticks_.front()->publish("extension/host/device", "0403:6001 FT232R");

    EXPECT_EQ(run_command(command_with({"LC_ALL=C"}, {"pinout"})), 0);

    EXPECT_THAT(output_, HasSubstr("Plugged in now, usb3\n    pins 2 and 3  0403:6001 FT232R\n"));
}

TEST_F(MinikvmctlPinout, IsThereForAModelWithoutPinsOrSwitch) {
    plug_in("usb3");
    constexpr std::array<std::string_view, 2> kLacks = {"extension/host/device", "usb/switch"};
    sticks_.front()->leave_out(kLacks);

    EXPECT_EQ(run_command(command_with({"LC_ALL=C"}, {"pinout"})), 0);
    EXPECT_THAT(output_, HasSubstr("no pins are known of this model\n"));

    EXPECT_EQ(run({"pinout", "--json"}), 0);
    EXPECT_EQ(nlohmann::json::parse(output_)["sticks"][0]["values"]["usb/switch"], nullptr);
}

TEST_F(MinikvmctlPinout, NeedsNoStick) {
    EXPECT_EQ(run_command(command_with({"LC_ALL=C"}, {"pinout"})), 0);

    EXPECT_THAT(output_, HasSubstr("no Mini-KVM is plugged in"));
}

TEST_F(MinikvmctlPinout, SpeaksTheLocalesLanguage) {
    EXPECT_EQ(
        run_command(command_with({"LC_ALL=", "LC_MESSAGES=", "LANG=de_DE.UTF-8"}, {"pinout"})), 0);

    EXPECT_THAT(output_, StartsWith("Erweiterungs-Pins"));
}

TEST_F(MinikvmctlPinout, SpeaksTheLanguageThatIsAskedFor) {
    EXPECT_EQ(run_command(command_with({"LANG=de_DE.UTF-8"}, {"pinout", "--language", "ro"})), 0);

    EXPECT_THAT(output_, StartsWith("Pinii de extensie"));
}

TEST_F(MinikvmctlPinout, RefusesALanguageThatItDoesNotSpeak) {
    EXPECT_EQ(run({"pinout", "--language", "tlh"}), 2);
    EXPECT_THAT(errors_, HasSubstr("fr"));
}

TEST_F(MinikvmctlPinout, IsThereAsJson) {
    plug_in("usb3");

    EXPECT_EQ(run({"pinout", "--json"}), 0);

    const nlohmann::json pinout = nlohmann::json::parse(output_);
    EXPECT_EQ(pinout["pins"].size(), 6U);
    EXPECT_EQ(pinout["pins"][1]["side"], "host");
    EXPECT_EQ(pinout["pins"][0]["side"], nullptr);
    EXPECT_EQ(pinout["sticks"][0]["values"]["usb/switch"], "host");
}

TEST_F(MinikvmctlPinout, IsNotOfAStickThatIsNotThere) {
    EXPECT_EQ(run({"pinout", "--stick", "usb9"}), 3);
}

}  // namespace
}  // namespace minikvm
