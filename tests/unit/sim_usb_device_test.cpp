// SPDX-License-Identifier: MIT
// What every virtual USB device answers by itself.

#include <gtest/gtest.h>

#include "sim/ms2109/descriptors.h"
#include "sim/usb_device.h"

namespace minikvm::sim {
namespace {

constexpr std::uint8_t kEndpoint = 0x84;

class AnswerBus final : public UsbBus {
public:
    struct Completed {
        std::uint32_t id;
        UrbStatus status;
        bool operator==(const Completed&) const = default;
    };

    void complete(const Urb& urb, UrbStatus status) override {
        completed.push_back({urb.id, status});
    }

    std::vector<Completed> completed;
};

// Answers vendor requests with four bytes, and no URB by itself.
class Probe final : public UsbDevice {
public:
    Probe() : UsbDevice(ms2109_descriptors(Ms2109Strings::Generic)) {}

    void complete_waiting() { complete_first(kEndpoint); }

    int resets = 0;
    int alternate = -1;

protected:
    ControlReply control(const SetupPacket& setup, std::span<const std::uint8_t>) override {
        return (setup.request_type & 0x60) == 0x40 ? ControlReply::answer({1, 2, 3, 4})
                                                   : ControlReply::stall();
    }
    void on_reset() override { ++resets; }
    void on_alternate(std::uint8_t, std::uint8_t value) override { alternate = value; }
};

class UsbDeviceOnABus : public testing::Test {
protected:
    UsbDeviceOnABus() { device.plug(bus); }

    ControlReply request(const SetupPacket& setup) { return device.request(setup, {}); }
    void submit(std::uint32_t id) { device.submit({id, kEndpoint, 4, {}, {}}); }

    AnswerBus bus;
    Probe device;
};

TEST_F(UsbDeviceOnABus, CutsAnAnswerToTheLengthThatWasAskedFor) {
    const auto reply = request({0x80, 6, 0x0200, 0, 9});

    EXPECT_EQ(reply.data.size(), 9U);
}

TEST_F(UsbDeviceOnABus, StallsADescriptorItDoesNotHave) {
    EXPECT_EQ(request({0x80, 6, 0x0900, 0, 9}).kind, ControlReply::Kind::Stall);
}

TEST_F(UsbDeviceOnABus, PassesVendorRequestsOn) {
    EXPECT_EQ(request({0xC0, 0x5F, 0, 0, 2}).data, (std::vector<std::uint8_t>{1, 2}));
}

TEST_F(UsbDeviceOnABus, IsResetWhenItIsConfigured) {
    const int before = device.resets;

    request({0x00, 9, 1, 0, 0});

    EXPECT_EQ(device.resets, before + 1);
}

TEST_F(UsbDeviceOnABus, StallsAConfigurationItDoesNotHave) {
    EXPECT_EQ(request({0x00, 9, 2, 0, 0}).kind, ControlReply::Kind::Stall);
}

TEST_F(UsbDeviceOnABus, RemembersTheAlternateSetting) {
    request({0x01, 11, 2, 1, 0});

    EXPECT_EQ(device.alternate, 2);
    EXPECT_EQ(request({0x81, 10, 0, 1, 1}).data, std::vector<std::uint8_t>{2});
}

TEST_F(UsbDeviceOnABus, StallsAnAlternateSettingItDoesNotHave) {
    EXPECT_EQ(request({0x01, 11, 7, 1, 0}).kind, ControlReply::Kind::Stall);
    EXPECT_EQ(device.alternate, -1);
}

TEST_F(UsbDeviceOnABus, CompletesTheUrbThatHasWaitedLongest) {
    submit(1);
    submit(2);

    device.complete_waiting();

    EXPECT_EQ(bus.completed, (std::vector<AnswerBus::Completed>{{1, UrbStatus::Done}}));
}

TEST_F(UsbDeviceOnABus, ForgetsAnUnlinkedUrb) {
    submit(1);
    submit(2);

    EXPECT_TRUE(device.unlink(1));
    device.complete_waiting();

    EXPECT_EQ(bus.completed, (std::vector<AnswerBus::Completed>{{2, UrbStatus::Done}}));
}

TEST_F(UsbDeviceOnABus, CannotUnlinkWhatIsDone) {
    submit(1);
    device.complete_waiting();

    EXPECT_FALSE(device.unlink(1));
}

TEST_F(UsbDeviceOnABus, AnswersEverythingThatWaitsWhenItIsPulled) {
    submit(1);
    submit(2);

    device.pull();

    EXPECT_EQ(bus.completed,
              (std::vector<AnswerBus::Completed>{{1, UrbStatus::Gone}, {2, UrbStatus::Gone}}));
}

TEST_F(UsbDeviceOnABus, RefusesMoreUrbsThanItMayKeep) {
    for (std::uint32_t id = 0; id <= UsbDevice::kMaxPendingUrbs; ++id) {
        submit(id);
    }

    EXPECT_EQ(bus.completed,
              (std::vector<AnswerBus::Completed>{
                  {static_cast<std::uint32_t>(UsbDevice::kMaxPendingUrbs), UrbStatus::Gone}}));
}

}  // namespace
}  // namespace minikvm::sim
