// SPDX-License-Identifier: MIT
// The CH340's USB descriptors, byte for byte.

#pragma once

#include "sim/usb_descriptors.h"

namespace minikvm::sim {

inline constexpr std::uint8_t kCh340BulkOut = 0x02;
inline constexpr std::uint8_t kCh340BulkIn = 0x82;
inline constexpr std::uint8_t kCh340InterruptIn = 0x81;

/// 1a86:7523 at full speed, as `lsusb -v` of real ones shows it (hardware.md 8.2).
UsbDescriptors ch340_descriptors();

}  // namespace minikvm::sim
