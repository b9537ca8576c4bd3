// SPDX-License-Identifier: MIT
// Tables of the plain devices.

#include "sim/stick/plain_device.h"

#include <array>

namespace minikvm::sim {
namespace {

// clang-format off
// 1d6b:0104 is the Linux Foundation's number for gadgets; strings 1 and 2.
constexpr std::array<std::uint8_t, 18> kDevice = {
    0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0x6b, 0x1d, 0x04, 0x01, 0x00, 0x01, 0x01, 0x02,
    0x00, 0x01,
};

constexpr std::array<std::uint8_t, 18> kCardReader = {
    0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0xe3, 0x05, 0x51, 0x07, 0x00, 0x01, 0x01, 0x02,
    0x00, 0x01,
};

constexpr std::array<std::uint8_t, 18> kConfiguration = {
    // 100 mA from the bus
    0x09, 0x02, 0x12, 0x00, 0x01, 0x01, 0x00, 0x80, 0x32,
    // one interface of vendor class
    0x09, 0x04, 0x00, 0x00, 0x00, 0xff, 0x00, 0x00, 0x00,
};
// clang-format on

constexpr std::array kUsbAStrings = {
    UsbString{1, "minikvm-sim"},
    UsbString{2, "Virtual USB-A device"},
};
constexpr std::array kExtensionStrings = {
    UsbString{1, "minikvm-sim"},
    UsbString{2, "Virtual extension device"},
};
constexpr std::array kCardReaderStrings = {
    UsbString{1, "Generic"},
    UsbString{2, "USB Storage"},
};

UsbDescriptors descriptors_of(PlainDeviceName name) {
    UsbDescriptors descriptors{UsbSpeed::High, kDevice, kConfiguration, kUsbAStrings};
    if (name == PlainDeviceName::Extension) {
        descriptors.strings = kExtensionStrings;
    }
    if (name == PlainDeviceName::CardReader) {
        descriptors.device = kCardReader;
        descriptors.strings = kCardReaderStrings;
    }
    return descriptors;
}

}  // namespace

PlainDevice::PlainDevice(PlainDeviceName name) : UsbDevice(descriptors_of(name)) {
}

ControlReply PlainDevice::control(const SetupPacket& /*setup*/,
                                  std::span<const std::uint8_t> /*data*/) {
    return ControlReply::stall();
}

}  // namespace minikvm::sim
