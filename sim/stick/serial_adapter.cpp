// SPDX-License-Identifier: MIT
// Tables and requests of a CDC ACM device.

#include "sim/stick/serial_adapter.h"

#include <array>

namespace minikvm::sim {
namespace {

// clang-format off
// 0525:a4a7 is the kernel's number for a serial gadget; class 2, communications; strings 1 and 2.
constexpr std::array<std::uint8_t, 18> kDevice = {
    0x12, 0x01, 0x00, 0x02, 0x02, 0x00, 0x00, 0x40, 0x25, 0x05, 0xa7, 0xa4, 0x00, 0x01, 0x01, 0x02,
    0x00, 0x01,
};

constexpr std::array<std::uint8_t, 67> kConfiguration = {
    // 67 bytes, two interfaces, 100 mA from the bus
    0x09, 0x02, 0x43, 0x00, 0x02, 0x01, 0x00, 0x80, 0x32,
    // interface 0: communications, abstract control model, AT commands; one endpoint
    0x09, 0x04, 0x00, 0x00, 0x01, 0x02, 0x02, 0x01, 0x00,
    // header (CDC 1.10); call management: none; line coding and break; union of 0 and 1
    0x05, 0x24, 0x00, 0x10, 0x01,
    0x05, 0x24, 0x01, 0x00, 0x01,
    0x04, 0x24, 0x02, 0x06,
    0x05, 0x24, 0x06, 0x00, 0x01,
    // notifications
    0x07, 0x05, 0x83, 0x03, 0x0a, 0x00, 0x09,
    // interface 1: data, both ways in 512 bytes
    0x09, 0x04, 0x01, 0x00, 0x02, 0x0a, 0x00, 0x00, 0x00,
    0x07, 0x05, 0x02, 0x02, 0x00, 0x02, 0x00,
    0x07, 0x05, 0x81, 0x02, 0x00, 0x02, 0x00,
};
// clang-format on

constexpr std::array kStrings = {
    UsbString{1, "minikvm-sim"},
    UsbString{2, "Virtual serial adapter"},
};

constexpr std::uint8_t kBulkOut = 0x02;

// bRequest, PSTN 1.2 table 13.
constexpr std::uint8_t kSetLineCoding = 0x20;
constexpr std::uint8_t kGetLineCoding = 0x21;
constexpr std::uint8_t kSetControlLineState = 0x22;
constexpr std::uint8_t kSendBreak = 0x23;

}  // namespace

SerialAdapter::SerialAdapter() : UsbDevice({UsbSpeed::High, kDevice, kConfiguration, kStrings}) {
}

ControlReply SerialAdapter::control(const SetupPacket& setup,
                                    std::span<const std::uint8_t> /*data*/) {
    switch (setup.request) {
        case kGetLineCoding:
            return ControlReply::answer({0x80, 0x25, 0x00, 0x00, 0x00, 0x00, 0x08});  // 9600 8N1
        case kSetLineCoding:
        case kSetControlLineState:
        case kSendBreak:
            return ControlReply::done();
        default:
            return ControlReply::stall();
    }
}

void SerialAdapter::on_urb(std::uint8_t endpoint) {
    if (endpoint == kBulkOut) {
        complete_first(endpoint);
    }
}

}  // namespace minikvm::sim
