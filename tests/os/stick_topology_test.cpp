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

    EXPECT_EQ(stick_on_hub(hub)->id, "1-2");
}

TEST_F(StickTopology, FindsAStickBehindAHub) {
    const std::string outer = tree_.hub(pc_root_hub("usb1"), "1-2");
    const std::string hub = stick_on(tree_.hub(outer, "1-2.4"));

    EXPECT_EQ(stick_on_hub(hub)->id, "1-2.4");
}

TEST_F(StickTopology, TellsTwoSticksBehindOneHubApart) {
    const std::string outer = tree_.hub(pc_root_hub("usb1"), "1-2");
    stick_on(tree_.hub(outer, "1-2.1"));
    const std::string second = stick_on(tree_.hub(outer, "1-2.2"));

    EXPECT_EQ(stick_above(second + "/1-2.2.2")->stick.id, "1-2.2");
    EXPECT_FALSE(stick_on_hub(outer));
}

TEST_F(StickTopology, NeedsBothHalves) {
    const std::string hub = tree_.hub(pc_root_hub("usb1"), "1-2");
    const std::string dongle = tree_.ms2109(hub, 1);

    EXPECT_FALSE(stick_on_hub(hub));
    EXPECT_FALSE(stick_above(dongle));
}

TEST_F(StickTopology, SeesTheSameStickWhicheverHalfCameFirst) {
    const std::string hub = tree_.hub(pc_root_hub("usb1"), "1-2");
    const std::string serial = tree_.ch340(hub, 2);
    EXPECT_FALSE(stick_above(serial));

    const std::string capture = tree_.ms2109(hub, 1);

    EXPECT_EQ(stick_above(serial)->stick.id, "1-2");
    EXPECT_EQ(stick_above(capture)->stick.id, "1-2");
}

TEST_F(StickTopology, LeavesSomeoneElsesSerialAdapterAlone) {
    const std::string root = pc_root_hub("usb1");
    stick_on(tree_.hub(root, "1-2"));
    const std::string adapter = tree_.ch340(root, 3);

    EXPECT_FALSE(stick_above(adapter));
}

TEST_F(StickTopology, PairsNothingOnAMachinesOwnPorts) {
    const std::string root = stick_on(pc_root_hub("usb1"));

    EXPECT_FALSE(stick_on_hub(root));
    EXPECT_FALSE(stick_above(root + "/1-1"));
}

TEST_F(StickTopology, PairsNothingOnOtherPorts) {
    const std::string hub = tree_.hub(pc_root_hub("usb1"), "1-2");
    tree_.ms2109(hub, 2);
    tree_.ch340(hub, 1);

    EXPECT_FALSE(stick_on_hub(hub));
}

TEST_F(StickTopology, TakesAVirtualControllersRootHubAsTheSticks) {
    const std::string root = stick_on(virtual_root_hub("usb3"));

    EXPECT_EQ(stick_on_hub(root)->id, "usb3");
    EXPECT_EQ(stick_above(root + "/3-2")->stick.id, "usb3");
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

    EXPECT_EQ(stick_above(hub + "/1-2.1/1-2.1:1.4/0003:534D:2109.0001/hidraw/hidraw0")->stick.id,
              "1-2");
    EXPECT_EQ(stick_above(hub + "/1-2.3/1-2.3.1/1-2.3.1:1.0")->port, StickPort::UsbA);
}

TEST_F(StickTopology, GivesAStickInAnotherSticksPortItsOwnId) {
    const std::string outer = stick_on(tree_.hub(pc_root_hub("usb1"), "1-2"));
    const std::string inner = stick_on(tree_.hub(outer, "1-2.3"));

    EXPECT_EQ(stick_above(inner + "/1-2.3.2")->stick.id, "1-2.3");
    EXPECT_EQ(stick_above(inner)->stick.id, "1-2");
}

// Mini-KVM v2: which ports it has its halves on is not known.
TEST_F(StickTopology, FindsAMiniKvm2OnWhicheverPortsItsHalvesAre) {
    const std::string root = pc_root_hub("usb1");
    const std::string one = tree_.hub(root, "1-2");
    tree_.ms2109s(one, 1);
    tree_.ch32v208(one, 2);
    const std::string other = tree_.hub(root, "1-3");
    tree_.ms2109s(other, 4);
    tree_.ch32v208(other, 3);

    EXPECT_EQ(stick_on_hub(one)->input, InputModel::Ch32v208);
    EXPECT_EQ(stick_on_hub(other)->id, "1-3");
}

TEST_F(StickTopology, FindsAKvmGoAtUsb2) {
    const std::string hub = tree_.hub(pc_root_hub("usb1"), "1-2");
    const std::string capture = tree_.ms2130s(hub, 4);
    const std::string serial = tree_.ch32v208(hub, 2);
    const std::string card = tree_.gadget(hub, 1);

    EXPECT_EQ(stick_above(capture)->stick.id, "1-2");
    EXPECT_EQ(stick_above(serial)->port, std::nullopt);
    EXPECT_EQ(stick_above(card)->port, StickPort::UsbA);
}

TEST_F(StickTopology, PairsNoHalvesOfTwoGenerations) {
    const std::string hub = tree_.hub(pc_root_hub("usb1"), "1-2");
    tree_.ms2109(hub, 1);
    tree_.ch32v208(hub, 2);
    const std::string other = tree_.hub(pc_root_hub("usb3"), "3-2");
    tree_.ms2130s(other, 1);
    tree_.ch340(other, 2);

    EXPECT_FALSE(stick_on_hub(hub));
    EXPECT_FALSE(stick_on_hub(other));
}

TEST_F(StickTopology, LeavesALoneDongleOfALaterKindAlone) {
    const std::string hub = tree_.hub(pc_root_hub("usb1"), "1-2");

    EXPECT_FALSE(stick_above(tree_.ms2109s(hub, 1)));
    EXPECT_FALSE(stick_above(tree_.ms2130s(hub, 2)));
}

// A KVM-GO at SuperSpeed (docs/hardware.md 1.4): its hub on the USB 2 bus, the capture chip on the
// other bus of the same connector.
class AtSuperSpeed : public StickTopology {
protected:
    void SetUp() override {
        const std::string controller = tree_.controller("0000:00:14.0");
        slow_ = tree_.root_hub(controller, "usb1");
        fast_ = tree_.root_hub(controller, "usb2");
    }

    std::string slow_;
    std::string fast_;
};

TEST_F(AtSuperSpeed, FindsTheHalvesByTheirPeerPorts) {
    const std::string hub = tree_.hub(slow_, "1-3");
    const std::string serial = tree_.ch32v208(hub, 2);
    const std::string capture = tree_.ms2130s(fast_, 5);
    tree_.make_peers(hub, capture);

    EXPECT_EQ(stick_on_hub(hub)->capture, capture);
    EXPECT_TRUE(stick_on_hub(hub)->is_split());
    EXPECT_EQ(stick_above(capture + "/2-5:1.4/hidraw/hidraw0")->stick.id, "1-3");
    EXPECT_EQ(stick_above(serial)->stick.capture, capture);
}

TEST_F(AtSuperSpeed, FindsTheHalvesBehindAHubOfBothSpeeds) {
    const std::string outer = tree_.hub(slow_, "1-1");
    const std::string fast_outer = tree_.hub(fast_, "2-1");
    const std::string hub = tree_.hub(outer, "1-1.2");
    tree_.ch32v208(hub, 2);
    const std::string capture = tree_.ms2130s(fast_outer, 2);
    tree_.make_peers(hub, capture);

    EXPECT_EQ(stick_above(capture)->stick.id, "1-1.2");
}

TEST_F(AtSuperSpeed, TellsTwoSticksApart) {
    const std::string first = tree_.hub(slow_, "1-1");
    const std::string second = tree_.hub(slow_, "1-2");
    tree_.ch32v208(first, 2);
    tree_.ch32v208(second, 2);
    // Numbered the other way round on the other bus.
    const std::string firsts = tree_.ms2130s(fast_, 2);
    const std::string seconds = tree_.ms2130s(fast_, 1);
    tree_.make_peers(first, firsts);
    tree_.make_peers(second, seconds);

    EXPECT_EQ(stick_above(firsts)->stick.id, "1-1");
    EXPECT_EQ(stick_above(seconds)->stick.id, "1-2");
}

TEST_F(AtSuperSpeed, PairsNothingWithoutAPeer) {
    const std::string hub = tree_.hub(slow_, "1-1");
    tree_.ch32v208(hub, 2);
    const std::string capture = tree_.ms2130s(fast_, 1);

    EXPECT_FALSE(stick_on_hub(hub));
    EXPECT_FALSE(stick_above(capture));
}

TEST_F(AtSuperSpeed, LeavesSomeoneElsesDongleBehindAPeerAlone) {
    const std::string hub = tree_.hub(slow_, "1-1");
    const std::string capture = tree_.ms2130s(fast_, 1);
    tree_.make_peers(hub, capture);

    EXPECT_FALSE(stick_above(capture));
}

TEST_F(StickTopology, KnowsNoStickForWhatIsNotBehindUsb) {
    EXPECT_FALSE(stick_above("/sys/devices/virtual/video4linux/video0"));
    EXPECT_FALSE(stick_above(""));
    EXPECT_FALSE(stick_above("1-2"));
}

}  // namespace
}  // namespace minikvm
