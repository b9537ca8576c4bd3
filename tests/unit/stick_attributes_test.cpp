// SPDX-License-Identifier: MIT
// What the parts of a stick say, as a reader of the control tree sees it.

#include "daemon/stick_attributes.h"

#include <string>

#include <gtest/gtest.h>

#include "daemon/attribute_list.h"
#include "daemon/generation_attributes.h"

namespace minikvm {
namespace {

class StickAttributes : public testing::Test {
protected:
    std::string get(const std::string& name) const { return tree_.get(name).value(); }

    AttributeTree tree_{attribute_list()};
};

TEST_F(StickAttributes, ShowThePortsOfAPluggedStick) {
    StickNodes nodes;
    nodes.tty = "/dev/ttyUSB0";
    nodes.usb_a_device = "1d6b:0104 Product";

    publish_nodes(tree_, nodes);

    EXPECT_EQ(get("usb/device"), "1d6b:0104 Product");
    EXPECT_EQ(get("extension/host/device"), "");
    EXPECT_EQ(get("serial/node"), "/dev/ttyUSB0");
}

TEST_F(StickAttributes, SayWhatWasTriedForASilentChip) {
    publish_recoveries(tree_, {.chip_resets = 3, .reopens = 2, .usb_resets = 1});

    EXPECT_EQ(get("input/resets"), "3");
    EXPECT_EQ(get("serial/reopens"), "2");
    EXPECT_EQ(get("serial/resets"), "1");
}

TEST_F(StickAttributes, KnowNothingOfThePortsOfAnAbsentStick) {
    publish_nodes(tree_, StickNodes());

    EXPECT_EQ(get("usb/device"), "unknown");
    EXPECT_EQ(get("serial/node"), "unknown");
}

TEST_F(StickAttributes, ShowAnInputModeWithItsRateInHertz) {
    RegisterSnapshot snapshot;
    snapshot.hdmi_connected = true;
    snapshot.mode = ms2109::InputMode{1920, 1080, 5994, 148500};

    publish_registers(tree_, snapshot);

    EXPECT_EQ(get("hdmi/connected"), "yes");
    EXPECT_EQ(get("hdmi/mode"), "1920x1080@59.94");
    EXPECT_EQ(get("hdmi/pixel_clock_khz"), "148500");
}

TEST_F(StickAttributes, KeepTheZerosOfARate) {
    RegisterSnapshot snapshot;
    snapshot.mode = ms2109::InputMode{1280, 720, 6005, 74250};

    publish_registers(tree_, snapshot);

    EXPECT_EQ(get("hdmi/mode"), "1280x720@60.05");
}

TEST_F(StickAttributes, KnowNoModeWithoutASignal) {
    RegisterSnapshot snapshot;
    snapshot.hdmi_connected = false;

    publish_registers(tree_, snapshot);

    EXPECT_EQ(get("hdmi/connected"), "no");
    EXPECT_EQ(get("hdmi/mode"), "unknown");
}

TEST_F(StickAttributes, ShowBothSwitches) {
    RegisterSnapshot snapshot;
    snapshot.slide = SwitchPosition::Host;
    snapshot.usb_switch = SwitchPosition::Target;

    publish_switch(tree_, view_of(snapshot));

    EXPECT_EQ(get("usb/slide"), "host");
    EXPECT_EQ(get("usb/switch"), "target");
}

TEST_F(StickAttributes, SayWhyTheRegistersCannotBeRead) {
    RegisterSnapshot snapshot;
    snapshot.state = RegisterState::NotAnswering;
    snapshot.trouble = "it hangs";

    publish_registers(tree_, snapshot);

    EXPECT_EQ(get("chip/video/problem"), "it hangs");
}

TEST_F(StickAttributes, ForgetTheRegistersOfAnAbsentStick) {
    RegisterSnapshot snapshot;
    snapshot.model = "MS2109";
    publish_registers(tree_, snapshot);

    publish_registers(tree_, RegisterSnapshot());

    EXPECT_EQ(get("chip/video/model"), "unknown");
}

TEST_F(StickAttributes, SayWhichGenerationItIs) {
    publish_generation(tree_, Generation::KvmGo);
    EXPECT_EQ(get("generation"), "kvm-go");

    publish_generation(tree_, std::nullopt);
    EXPECT_EQ(get("generation"), "unknown");
}

// The table of docs/hardware.md 0, read by hand.
TEST_F(StickAttributes, AreAbsentWhereTheBoardHasNothingBehindThem) {
    const auto has = [this](Generation generation, const char* name) {
        tree_.set_absent(absent_attributes(facts_of(generation)));
        return tree_.get(name).has_value();
    };

    EXPECT_FALSE(has(Generation::MiniKvm16, "usb/switch"));
    EXPECT_FALSE(has(Generation::MiniKvm16, "extension/host/device"));
    EXPECT_TRUE(has(Generation::MiniKvm19, "usb/slide"));
    EXPECT_TRUE(has(Generation::MiniKvm19, "usb/power"));
    EXPECT_TRUE(has(Generation::MiniKvm2, "usb/switch"));
    EXPECT_FALSE(has(Generation::MiniKvm2, "usb/power"));
    EXPECT_FALSE(has(Generation::KvmGo, "serial/baud_bd"));
}

TEST_F(StickAttributes, ShowAllCamerasAndWhoWatches) {
    VideoStatus status;
    status.cameras = {"/dev/video10", "/dev/video11"};
    status.viewers = 2;
    status.streaming = true;
    status.frames = 1234567890123;

    publish_video(tree_, status);

    EXPECT_EQ(get("video/cameras"), "/dev/video10 /dev/video11");
    EXPECT_EQ(get("video/viewers"), "2");
    EXPECT_EQ(get("video/streaming"), "yes");
    EXPECT_EQ(get("video/frames"), "1234567890123");
}

TEST_F(StickAttributes, SayWhichCardIsShownAndWhatWasTried) {
    VideoStatus status;
    status.card = Card::NoSignal;
    status.restarts = 3;
    status.resets = 2;

    publish_video(tree_, status);

    EXPECT_EQ(get("video/card"), "no-signal");
    EXPECT_EQ(get("video/restarts"), "3");
    EXPECT_EQ(get("video/resets"), "2");
}

TEST_F(StickAttributes, SayWhetherASwitchWasSeen) {
    publish_verified(tree_, Verified::Pending);
    EXPECT_EQ(get("usb/verified"), "pending");

    publish_verified(tree_, Verified::No);
    EXPECT_EQ(get("usb/verified"), "no");
}

TEST_F(StickAttributes, KnowNothingOfAChipThatDoesNotAnswer) {
    publish_chip(tree_, nullptr, 0);

    EXPECT_EQ(get("chip/input/model"), "unknown");
    EXPECT_EQ(get("input/target"), "unknown");
    EXPECT_EQ(get("serial/baud_bd"), "unknown");
}

}  // namespace
}  // namespace minikvm
