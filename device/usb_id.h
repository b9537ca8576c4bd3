// SPDX-License-Identifier: MIT
// UsbId: which make of USB device it is, by vendor and product.

#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace minikvm {

struct UsbId {
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;

    bool operator==(const UsbId&) const = default;
};

/// From sysfs's four hexadecimal digits each: "534d", "2109". Thread: any thread.
inline std::optional<UsbId> parse_usb_id(std::string_view vendor, std::string_view product) {
    constexpr int kHexadecimal = 16;
    constexpr std::size_t kDigits = 4;
    const auto parse = [](std::string_view digits, std::uint16_t& number) {
        const char* const end = digits.data() + digits.size();
        const auto [stop, code] = std::from_chars(digits.data(), end, number, kHexadecimal);
        return digits.size() == kDigits && code == std::errc() && stop == end;
    };
    UsbId id;
    return parse(vendor, id.vendor) && parse(product, id.product) ? std::optional(id)
                                                                  : std::nullopt;
}

}  // namespace minikvm
