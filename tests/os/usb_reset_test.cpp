// SPDX-License-Identifier: MIT
// What becomes of a reset when there is nothing to reset; the reset itself needs a kernel: guest
// tests.

#include "device/usb_reset.h"

#include <gtest/gtest.h>

namespace minikvm {
namespace {

TEST(UsbReset, SaysThatTheNodeHasGone) {
    const auto reset = reset_usb_device_of("/dev/video-that-is-not-there");

    EXPECT_EQ(reset.error().code, std::errc::no_such_device);
}

TEST(UsbReset, LeavesANodeAloneThatIsNotOnUsb) {
    const auto reset = reset_usb_device_of("/dev/null");

    EXPECT_EQ(reset.error().code, std::errc::no_such_device);
}

}  // namespace
}  // namespace minikvm
