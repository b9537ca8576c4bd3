// SPDX-License-Identifier: MIT
// The extension pins, drawn.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/ctl/pinout_text.h"
#include "clients/ctl/text_style.h"

namespace minikvm {

struct ExtensionPin {
    int number;
    std::string_view signal;  // "+5V", "D+", "D-", "GND"
    std::string_view side;    // "host", "target"; empty for both
};

/// Source: docs/hardware.md 4.5.
inline constexpr std::array<ExtensionPin, 6> kExtensionPins = {{{1, "+5V", ""},
                                                                {2, "D+", "host"},
                                                                {3, "D-", "host"},
                                                                {4, "D+", "target"},
                                                                {5, "D-", "target"},
                                                                {6, "GND", ""}}};

/// What is plugged into one stick, as its attributes say it; nothing where its model lacks them.
struct PluggedNow {
    std::string stick;
    std::optional<std::string> on_pins;     // extension/host/device
    std::optional<std::string> usb_switch;  // usb/switch
    std::string in_usb_a;                   // usb/device
};

/// Lines of at most 80 columns, each with its LF.
std::string pinout_drawing(const PinoutText& text, const std::vector<PluggedNow>& sticks,
                           const TextStyle& style);

}  // namespace minikvm
