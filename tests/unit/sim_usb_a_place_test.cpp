// SPDX-License-Identifier: MIT
// Where the device in the USB-A socket is.

#include <gtest/gtest.h>

#include "sim/stick/usb_a_place.h"

namespace minikvm::sim {
namespace {

TEST(UsbAPlace, FollowsTheMux) {
    EXPECT_EQ(usb_a_place(UsbASocket::Taken, UsbAGround::Closed, Side::Host), UsbAPlace::Host);
    EXPECT_EQ(usb_a_place(UsbASocket::Taken, UsbAGround::Closed, Side::Target), UsbAPlace::Target);
}

TEST(UsbAPlace, IsOnNoBusWhileItsGroundIsCut) {
    EXPECT_EQ(usb_a_place(UsbASocket::Taken, UsbAGround::Cut, Side::Host), UsbAPlace::Unpowered);
    EXPECT_EQ(usb_a_place(UsbASocket::Taken, UsbAGround::Cut, Side::Target), UsbAPlace::Unpowered);
}

TEST(UsbAPlace, IsNowhereInAnEmptySocket) {
    EXPECT_EQ(usb_a_place(UsbASocket::Empty, UsbAGround::Closed, Side::Host), UsbAPlace::Nowhere);
}

}  // namespace
}  // namespace minikvm::sim
