// SPDX-License-Identifier: MIT
// What `systemctl status` says of a stick.

#include "daemon/status_line.h"

#include <gtest/gtest.h>

#include "daemon/attribute_list.h"

namespace minikvm {
namespace {

class StatusLine : public testing::Test {
protected:
    AttributeTree tree_{attribute_list()};
};

TEST_F(StatusLine, SaysTheStateWhereNothingElseIsKnown) {
    tree_.publish("state", "ready");

    EXPECT_EQ(status_line(tree_), "ready");
}

TEST_F(StatusLine, SaysWhatIsKnown) {
    tree_.publish("state", "ready");
    tree_.publish("hdmi/connected", "yes");
    tree_.publish("hdmi/mode", "1920x1080@60.00");
    tree_.publish("video/viewers", "2");
    tree_.publish("usb/switch", "host");

    EXPECT_EQ(status_line(tree_),
              "ready, target 1920x1080@60.00, 2 viewers, USB-A port at the host");
}

TEST_F(StatusLine, CountsOneViewerAsOne) {
    tree_.publish("state", "ready");
    tree_.publish("video/viewers", "1");

    EXPECT_EQ(status_line(tree_), "ready, 1 viewer");
}

TEST_F(StatusLine, SaysThatThereIsNoSignal) {
    tree_.publish("state", "ready");
    tree_.publish("hdmi/connected", "no");
    tree_.publish("hdmi/mode", "1920x1080@60.00");

    EXPECT_EQ(status_line(tree_), "ready, no signal from the target");
}

TEST_F(StatusLine, SaysWhatIsWrong) {
    tree_.publish("state", "no-camera");
    tree_.publish("video/problem", "v4l2loopback is not loaded");
    tree_.publish("input/problem", "");

    EXPECT_EQ(status_line(tree_), "no-camera; no picture: v4l2loopback is not loaded");
}

TEST_F(StatusLine, SaysNothingOfAStickThatIsAway) {
    tree_.publish("state", "absent");
    tree_.publish("usb/switch", "host");

    EXPECT_EQ(status_line(tree_), "the stick is not plugged in");
}

}  // namespace
}  // namespace minikvm
