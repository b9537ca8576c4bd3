// SPDX-License-Identifier: MIT
// The CH340's USB descriptors, byte for byte.

#include "sim/serial/ch340_descriptors.h"

#include <array>
#include <cstdint>

namespace minikvm::sim {
namespace {

// clang-format off
constexpr std::array<std::uint8_t, 18> kDevice = {
    0x12, 0x01, 0x10, 0x01,  // USB 1.10
    0xFF, 0x00, 0x00, 0x08,  // vendor class; 8 bytes on endpoint 0
    0x86, 0x1A, 0x23, 0x75,  // 1a86:7523
    0x63, 0x02,              // 2.63, one of those seen
    0x00, 0x02, 0x00,        // no manufacturer, product, no serial number
    0x01,
};

constexpr std::array<std::uint8_t, 39> kConfiguration = {
    0x09, 0x02, 0x27, 0x00, 0x01, 0x01, 0x00, 0x80, 0x31,  // 98 mA
    0x09, 0x04, 0x00, 0x00, 0x03, 0xFF, 0x01, 0x02, 0x00,
    0x07, 0x05, kCh340BulkIn, 0x02, 0x20, 0x00, 0x00,
    0x07, 0x05, kCh340BulkOut, 0x02, 0x20, 0x00, 0x00,
    0x07, 0x05, kCh340InterruptIn, 0x03, 0x08, 0x00, 0x01,
};
// clang-format on

constexpr std::array<UsbString, 1> kStrings = {{{2, "USB Serial"}}};

}  // namespace

UsbDescriptors ch340_descriptors() {
    return {UsbSpeed::Full, kDevice, kConfiguration, kStrings};
}

}  // namespace minikvm::sim
