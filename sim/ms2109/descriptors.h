// SPDX-License-Identifier: MIT
// The MS2109's descriptors as tables.

#pragma once

#include <cstdint>
#include <span>

#include "sim/usb_descriptors.h"

namespace minikvm::sim {

enum class Ms2109Strings {
    Openterface,  // the Mini-KVM 1.9's names, with its constant serial number of question marks
    Generic,      // any cheap capture dongle's
};

// Numbers that the tables give to what the chip answers for.
inline constexpr std::uint8_t kVideoControlInterface = 0;
inline constexpr std::uint8_t kVideoStreamInterface = 1;
inline constexpr std::uint8_t kAudioControlInterface = 2;
inline constexpr std::uint8_t kAudioStreamInterface = 3;
inline constexpr std::uint8_t kHidInterface = 4;
inline constexpr std::uint8_t kVideoEndpoint = 0x83;
inline constexpr std::uint8_t kAudioEndpoint = 0x82;
inline constexpr std::uint8_t kProcessingUnit = 2;
inline constexpr std::uint8_t kFeatureUnit = 2;

UsbDescriptors ms2109_descriptors(Ms2109Strings strings);

/// The HID report descriptor: one unnumbered feature report of eight bytes.
std::span<const std::uint8_t> ms2109_hid_report();

}  // namespace minikvm::sim
