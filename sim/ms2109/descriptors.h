// SPDX-License-Identifier: MIT
// The capture chips' descriptors as tables.

#pragma once

#include <cstdint>
#include <span>

#include "sim/ms2109/capture_chip.h"
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

/// What of a chip's descriptors is not the same in all sticks.
struct CaptureIdentity {
    CaptureChip chip = CaptureChip::Ms2109;
    Ms2109Strings strings = Ms2109Strings::Openterface;
    bool numbers_reports = false;  // of the MS2109S it is not known whether it does
};

UsbDescriptors capture_descriptors(const CaptureIdentity& identity);

inline UsbDescriptors ms2109_descriptors(Ms2109Strings strings) {
    return capture_descriptors({.strings = strings});
}

/// The MS2130S's are in a file of their own.
UsbDescriptors ms2130s_descriptors();

/// The HID report descriptor: one unnumbered feature report of eight bytes; or number 1 with eight
/// bytes, 2 with 63, 3 with 4095.
std::span<const std::uint8_t> hid_report(const CaptureIdentity& identity);

/// The number of the report that the registers are read by.
std::uint8_t register_report(const CaptureIdentity& identity);

}  // namespace minikvm::sim
