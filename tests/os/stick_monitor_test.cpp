// SPDX-License-Identifier: MIT
// What StickMonitor tells of udev's events, on made-up trees of USB devices.

#include "device/stick_monitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device/generation.h"
#include "tests/fakes/usb_tree.h"

namespace minikvm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

StickNodes nodes_of(const std::string& id, const std::string& capture, const std::string& tty) {
    StickNodes nodes;
    nodes.id = id;
    nodes.capture = capture;
    nodes.tty = tty;
    return nodes;
}

class StickMonitorTest : public testing::Test {
protected:
    void SetUp() override {
        loop_ = std::move(EventLoop::create().value());
        deadline_ = loop_
                        ->timer([this](TimePoint) {
                            ADD_FAILURE() << "nothing was told in time";
                            loop_->stop();
                        })
                        .value();
        hub_ = tree_.hub(tree_.root_hub(tree_.controller("0000:00:14.0"), "usb1"), "1-2");
    }

    // Remembers what is told, newest last.
    std::unique_ptr<StickMonitor> monitor_of(const std::string& id) {
        return StickMonitor::create(*loop_, id,
                                    [this](const StickNodes& nodes) {
                                        told_.push_back(nodes);
                                        loop_->stop();
                                    })
            .value();
    }

    void wait_for_a_change() {
        deadline_.arm_after(std::chrono::seconds(10));
        ASSERT_TRUE(loop_->run());
        deadline_.disarm();
    }

    StickNodes newest() const { return told_.empty() ? StickNodes() : told_.back(); }

    std::string capture_node(const UsbTree::Properties& properties) {
        return tree_.node(tree_.interface(tree_.ms2109(hub_, 1), 0), "video4linux", "video0",
                          properties);
    }

    const UsbTree::Properties ours_ = {{"MINIKVM_ID", "1-2"}, {"ID_V4L_CAPABILITIES", ":capture:"}};

    UsbTree tree_;
    std::string hub_;
    std::unique_ptr<EventLoop> loop_;
    Timer deadline_;
    std::vector<StickNodes> told_;
};

TEST_F(StickMonitorTest, KnowsAtOnceWhatIsThere) {
    capture_node(ours_);
    tree_.node(tree_.interface(tree_.ch340(hub_, 2), 0), "tty", "ttyUSB0", {{"MINIKVM_ID", "1-2"}});

    const std::unique_ptr<StickMonitor> monitor = monitor_of("1-2");

    EXPECT_EQ(monitor->nodes().capture, "/dev/video0");
    EXPECT_EQ(monitor->nodes().tty, "/dev/ttyUSB0");
    EXPECT_EQ(monitor->nodes().hidraw, "");
    EXPECT_THAT(told_, IsEmpty());
}

TEST_F(StickMonitorTest, TellsOfANodeOnceTheRulesHaveGivenItToUs) {
    const std::string node = capture_node({{"ID_V4L_CAPABILITIES", ":capture:"}});
    const std::unique_ptr<StickMonitor> monitor = monitor_of("1-2");
    EXPECT_EQ(monitor->nodes().capture, "");

    tree_.set_property(node, "MINIKVM_ID", "1-2");
    tree_.announce(node, "change");
    wait_for_a_change();

    EXPECT_EQ(newest().capture, "/dev/video0");
}

TEST_F(StickMonitorTest, ForgetsANodeThatIsNoLongerOurs) {
    const std::string node = capture_node(ours_);
    const std::unique_ptr<StickMonitor> monitor = monitor_of("1-2");

    tree_.set_property(node, "MINIKVM_ID", "");
    tree_.announce(node, "change");
    wait_for_a_change();

    EXPECT_EQ(newest().capture, "");
}

TEST_F(StickMonitorTest, ForgetsANodeThatIsRemoved) {
    const std::string node = capture_node(ours_);
    const std::unique_ptr<StickMonitor> monitor = monitor_of("1-2");

    tree_.remove(node);
    wait_for_a_change();

    EXPECT_EQ(newest().capture, "");
}

TEST_F(StickMonitorTest, TakesThePicturesNodeNotTheirMetadatas) {
    const std::string interface = tree_.interface(tree_.ms2109(hub_, 1), 0);
    tree_.node(interface, "video4linux", "video4", ours_);
    tree_.node(interface, "video4linux", "video5",
               {{"MINIKVM_ID", "1-2"}, {"ID_V4L_CAPABILITIES", ":"}});

    EXPECT_EQ(monitor_of("1-2")->nodes().capture, "/dev/video4");
}

TEST_F(StickMonitorTest, LeavesOtherSticksNodesAlone) {
    capture_node({{"MINIKVM_ID", "1-3"}, {"ID_V4L_CAPABILITIES", ":capture:"}});

    EXPECT_EQ(monitor_of("1-2")->nodes(), nodes_of("1-2", "", ""));
}

TEST_F(StickMonitorTest, TellsNothingOfAnotherStick) {
    const std::unique_ptr<StickMonitor> monitor = monitor_of("1-2");
    tree_.announce(tree_.node(hub_, "tty", "ttyUSB1", {{"MINIKVM_ID", "1-3"}}), "add");

    tree_.announce(tree_.node(hub_, "tty", "ttyUSB2", {{"MINIKVM_ID", "1-2"}}), "add");
    wait_for_a_change();

    EXPECT_THAT(told_, ElementsAre(nodes_of("1-2", "", "/dev/ttyUSB2")));
}

TEST_F(StickMonitorTest, TellsThatTheUsbADeviceLeavesEvenIfItComesBackAtOnce) {
    const UsbTree::Properties on_usb_a = {{"MINIKVM_ID", "1-2"}, {"MINIKVM_PORT", "usb-a"}};
    const std::string device = tree_.gadget(hub_, 3, on_usb_a);
    const std::unique_ptr<StickMonitor> monitor = monitor_of("1-2");

    tree_.remove(device);
    tree_.announce(tree_.gadget(hub_, 3, on_usb_a), "add");
    wait_for_a_change();

    ASSERT_EQ(told_.size(), 2U);
    EXPECT_EQ(told_[0].usb_a_device, "");
    EXPECT_EQ(told_[1].usb_a_device, "1d6b:0104 Product");
}

TEST_F(StickMonitorTest, TellsTheExtensionDeviceFromTheUsbADevice) {
    tree_.gadget(hub_, 4, {{"MINIKVM_ID", "1-2"}, {"MINIKVM_PORT", "extension"}});

    EXPECT_EQ(monitor_of("1-2")->nodes().extension_device, "1d6b:0104 Product");
    EXPECT_EQ(monitor_of("1-2")->nodes().usb_a_device, "");
}

TEST_F(StickMonitorTest, TakesNoNodeOfAPluggedDeviceForTheSticksOwn) {
    const UsbTree::Properties on_usb_a = {{"MINIKVM_ID", "1-2"}, {"MINIKVM_PORT", "usb-a"}};
    tree_.node(tree_.interface(tree_.ch340(hub_, 3, on_usb_a), 0), "tty", "ttyUSB7", on_usb_a);

    EXPECT_EQ(monitor_of("1-2")->nodes().tty, "");
    EXPECT_EQ(monitor_of("1-2")->nodes().usb_a_device, "1a86:7523");
}

TEST_F(StickMonitorTest, ListsNoStickOfWhichOnlyAPluggedDeviceIsLeft) {
    tree_.gadget(hub_, 3, {{"MINIKVM_ID", "1-2"}, {"MINIKVM_PORT", "usb-a"}});

    EXPECT_THAT(list_sticks().value(), IsEmpty());
}

TEST_F(StickMonitorTest, ListsEachStickOnce) {
    capture_node(ours_);
    tree_.node(tree_.interface(tree_.ch340(hub_, 2), 0), "tty", "ttyUSB0", {{"MINIKVM_ID", "1-2"}});
    tree_.node(hub_, "tty", "ttyUSB1", {{"MINIKVM_ID", "1-3"}});

    StickNodes first = nodes_of("1-2", "/dev/video0", "/dev/ttyUSB0");
    first.capture_id = kMs2109;
    first.serial_id = kCh340;
    EXPECT_THAT(list_sticks().value(), ElementsAre(first, nodes_of("1-3", "", "/dev/ttyUSB1")));
}

}  // namespace
}  // namespace minikvm
