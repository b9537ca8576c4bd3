// SPDX-License-Identifier: MIT
// Descriptor tables cut into pieces.

#include "sim/usb_descriptors.h"

namespace minikvm::sim {
namespace {

// USB 2.0, table 9-5.
constexpr std::uint8_t kDevice = 1;
constexpr std::uint8_t kConfiguration = 2;
constexpr std::uint8_t kString = 3;
constexpr std::uint8_t kInterface = 4;
constexpr std::uint8_t kDeviceQualifier = 6;

constexpr std::size_t kMinDescriptorBytes = 2;
constexpr std::size_t kMaxStringCharacters = 126;  // what bLength can say
constexpr std::size_t kInterfaceBytes = 9;

std::vector<std::uint8_t> copy_of(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

// USB 2.0, 9.6.2: the device descriptor's fields as they would be at the other speed.
std::vector<std::uint8_t> device_qualifier(std::span<const std::uint8_t> device) {
    constexpr std::uint8_t kBytes = 10;
    return {kBytes,    kDeviceQualifier, device[2], device[3],  device[4],
            device[5], device[6],        device[7], device[17], 0};
}

}  // namespace

std::optional<std::vector<DescriptorView>> split_descriptors(std::span<const std::uint8_t> bytes) {
    std::vector<DescriptorView> views;
    while (!bytes.empty()) {
        const std::size_t length = bytes[0];
        if (length < kMinDescriptorBytes || length > bytes.size()) {
            return std::nullopt;
        }
        views.push_back({bytes.first(length)});
        bytes = bytes.subspan(length);
    }
    return views;
}

std::optional<std::vector<std::uint8_t>> string_descriptor(const UsbDescriptors& descriptors,
                                                           std::uint8_t index) {
    if (index == 0) {
        return descriptors.strings.empty()
                   ? std::nullopt
                   : std::optional(std::vector<std::uint8_t>{4, kString, 0x09, 0x04});
    }
    for (const UsbString& string : descriptors.strings) {
        if (string.index == index) {
            const std::string_view text = string.text.substr(0, kMaxStringCharacters);
            std::vector<std::uint8_t> bytes = {
                static_cast<std::uint8_t>(kMinDescriptorBytes + 2 * text.size()), kString};
            for (const char character : text) {
                bytes.push_back(static_cast<std::uint8_t>(character));
                bytes.push_back(0);
            }
            return bytes;
        }
    }
    return std::nullopt;
}

bool has_alternate(const UsbDescriptors& descriptors, std::uint8_t interface,
                   std::uint8_t alternate) {
    const auto views = split_descriptors(descriptors.configuration);
    if (!views) {
        return false;
    }
    for (const DescriptorView& view : *views) {
        if (view.type() == kInterface && view.bytes.size() >= kInterfaceBytes &&
            view.bytes[2] == interface && view.bytes[3] == alternate) {
            return true;
        }
    }
    return false;
}

std::optional<std::vector<std::uint8_t>> standard_descriptor(const UsbDescriptors& descriptors,
                                                             std::uint8_t type,
                                                             std::uint8_t index) {
    switch (type) {
        case kDevice:
            return copy_of(descriptors.device);
        case kConfiguration:
            return index == 0 ? std::optional(copy_of(descriptors.configuration)) : std::nullopt;
        case kString:
            return string_descriptor(descriptors, index);
        case kDeviceQualifier:
            return descriptors.speed == UsbSpeed::High
                       ? std::optional(device_qualifier(descriptors.device))
                       : std::nullopt;
        default:
            return std::nullopt;
    }
}

}  // namespace minikvm::sim
