// SPDX-License-Identifier: MIT
// Which hubs carry a stick, on made-up trees of USB devices.

#include "device/stick_topology.h"

#include <gtest/gtest.h>

#include "tests/fakes/usb_tree.h"

namespace minikvm {
namespace {

class StickTopology : public testing::Test {
protected:
    std::string pc_root_hub(const std::string& name) {
        return tree_.root_hub(tree_.controller("0000:00:14.0-" + name), name);
    }
    std::string virtual_root_hub(const std::string& name) {
        return tree_.root_hub(tree_.controller("vhci_hcd.0"), name);
    }
    std::string stick_on(const std::string& hub) {
        tree_.ms2109(hub, 1);
        tree_.ch340(hub, 2);
        return hub;
    }

    UsbTree tree_;
};

TEST_F(StickTopology, FindsAStickByItsHubsName) {
    const std::string hub = stick_on(tree_.hub(pc_root_hub("usb1"), "1-2"));

    EXPECT_EQ(stick_on_hub(hub), "1-2");
}

TEST_F(StickTopology, FindsAStickBehindAHub) {
    const std::string outer = tree_.hub(pc_root_hub("usb1"), "1-2");
    const std::string hub = stick_on(tree_.hub(outer, "1-2.4"));

    EXPECT_EQ(stick_on_hub(hub), "1-2.4");
}

TEST_F(StickTopology, TellsTwoSticksBehindOneHubApart) {
    const std::string outer = tree_.hub(pc_root_hub("usb1"), "1-2");
    stick_on(tree_.hub(outer, "1-2.1"));
    const std::string second = stick_on(tree_.hub(outer, "1-2.2"));

    EXPECT_EQ(stick_above(second + "/1-2.2.2")->id, "1-2.2");
    EXPECT_EQ(stick_on_hub(outer), std::nullopt);
}

TEST_F(StickTopology, NeedsBothHalves) {
    const std::string hub = tree_.hub(pc_root_hub("usb1"), "1-2");
    const std::string dongle = tree_.ms2109(hub, 1);

    EXPECT_EQ(stick_on_hub(hub), std::nullopt);
    EXPECT_FALSE(stick_above(dongle));
}

TEST_F(StickTopology, SeesTheSameStickWhicheverHalfCameFirst) {
    const std::string hub = tree_.hub(pc_root_hub("usb1"), "1-2");
    const std::string serial = tree_.ch340(hub, 2);
    EXPECT_FALSE(stick_above(serial));

    const std::string capture = tree_.ms2109(hub, 1);

    EXPECT_EQ(stick_above(serial)->id, "1-2");
    EXPECT_EQ(stick_above(capture)->id, "1-2");
}

TEST_F(StickTopology, LeavesSomeoneElsesSerialAdapterAlone) {
    const std::string root = pc_root_hub("usb1");
    stick_on(tree_.hub(root, "1-2"));
    const std::string adapter = tree_.ch340(root, 3);

    EXPECT_FALSE(stick_above(adapter));
}

TEST_F(StickTopology, PairsNothingOnAMachinesOwnPorts) {
    const std::string root = stick_on(pc_root_hub("usb1"));

    EXPECT_EQ(stick_on_hub(root), std::nullopt);
    EXPECT_FALSE(stick_above(root + "/1-1"));
}

TEST_F(StickTopology, PairsNothingOnOtherPorts) {
    const std::string hub = tree_.hub(pc_root_hub("usb1"), "1-2");
    tree_.ms2109(hub, 2);
    tree_.ch340(hub, 1);

    EXPECT_EQ(stick_on_hub(hub), std::nullopt);
}

TEST_F(StickTopology, TakesAVirtualControllersRootHubAsTheSticks) {
    const std::string root = stick_on(virtual_root_hub("usb3"));

    EXPECT_EQ(stick_on_hub(root), "usb3");
    EXPECT_EQ(stick_above(root + "/3-2")->id, "usb3");
}

TEST_F(StickTopology, KnowsTheHalvesFromWhatIsPluggedIn) {
    const std::string hub = stick_on(tree_.hub(pc_root_hub("usb1"), "1-2"));
    tree_.gadget(hub, 3);
    tree_.gadget(hub, 4);

    EXPECT_EQ(stick_above(hub + "/1-2.1")->port, std::nullopt);
    EXPECT_EQ(stick_above(hub + "/1-2.3")->port, StickPort::UsbA);
    EXPECT_EQ(stick_above(hub + "/1-2.4")->port, StickPort::Extension);
}

TEST_F(StickTopology, FindsTheStickAboveANode) {
    const std::string hub = stick_on(tree_.hub(pc_root_hub("usb1"), "1-2"));

    EXPECT_EQ(stick_above(hub + "/1-2.1/1-2.1:1.4/0003:534D:2109.0001/hidraw/hidraw0")->id, "1-2");
    EXPECT_EQ(stick_above(hub + "/1-2.3/1-2.3.1/1-2.3.1:1.0")->port, StickPort::UsbA);
}

TEST_F(StickTopology, GivesAStickInAnotherSticksPortItsOwnId) {
    const std::string outer = stick_on(tree_.hub(pc_root_hub("usb1"), "1-2"));
    const std::string inner = stick_on(tree_.hub(outer, "1-2.3"));

    EXPECT_EQ(stick_above(inner + "/1-2.3.2")->id, "1-2.3");
    EXPECT_EQ(stick_above(inner)->id, "1-2");
}

TEST_F(StickTopology, KnowsNoStickForWhatIsNotBehindUsb) {
    EXPECT_FALSE(stick_above("/sys/devices/virtual/video4linux/video0"));
    EXPECT_FALSE(stick_above(""));
    EXPECT_FALSE(stick_above("1-2"));
}

}  // namespace
}  // namespace minikvm
