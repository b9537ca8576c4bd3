// SPDX-License-Identifier: MIT
// UsbDescriptors: what a USB device says of itself, as tables.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace minikvm::sim {

/// The numbers are those of enum usb_device_speed in linux/usb/ch9.h, which vhci_hcd takes.
enum class UsbSpeed { Full = 2, High = 3 };

struct UsbString {
    std::uint8_t index = 0;  // as the other descriptors name it; never 0
    std::string_view text;   // ASCII, at most 126 characters
};

/// Views of constant tables, which must outlive the device.
struct UsbDescriptors {
    UsbSpeed speed = UsbSpeed::High;
    std::span<const std::uint8_t> device;
    std::span<const std::uint8_t> configuration;  // all wTotalLength bytes
    std::span<const UsbString> strings;           // language 0409 is added
};

/// One descriptor inside a configuration: bLength, bDescriptorType, the rest.
struct DescriptorView {
    std::span<const std::uint8_t> bytes;

    std::uint8_t type() const { return bytes[1]; }
};

/// Cuts a configuration into its descriptors. None: a length byte is wrong.
std::optional<std::vector<DescriptorView>> split_descriptors(std::span<const std::uint8_t> bytes);

/// The descriptor of string `index`, 0 being the list of languages. None: there is no such string.
std::optional<std::vector<std::uint8_t>> string_descriptor(const UsbDescriptors& descriptors,
                                                           std::uint8_t index);

/// Whether the configuration has this alternate setting of this interface.
bool has_alternate(const UsbDescriptors& descriptors, std::uint8_t interface,
                   std::uint8_t alternate);

/// What GET_DESCRIPTOR answers for the device itself. None: it has no such descriptor.
std::optional<std::vector<std::uint8_t>> standard_descriptor(const UsbDescriptors& descriptors,
                                                             std::uint8_t type, std::uint8_t index);

}  // namespace minikvm::sim
