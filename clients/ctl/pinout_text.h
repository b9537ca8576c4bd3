// SPDX-License-Identifier: MIT
// What minikvmctl pinout says, in the languages that it speaks.

#pragma once

#include <array>
#include <string_view>

namespace minikvm {

struct PinoutText {
    std::string_view language;  // ISO 639-1
    std::string_view title;
    // Beside the pins.
    std::string_view power;
    std::string_view host_pair;
    std::string_view target_pair;
    std::string_view ground;
    // What is plugged in now.
    std::string_view now;
    std::string_view host_pins;
    std::string_view target_pins;
    std::string_view usb_a;
    std::string_view nothing;
    std::string_view unknown;
    std::string_view invisible;
    std::string_view no_stick;
    std::string_view no_pins;
    // Paragraphs.
    std::string_view switching;
    std::string_view damage;
    std::string_view warranty;
    std::string_view experimental;
    std::string_view models;
    std::string_view page;
};

inline constexpr std::array<std::string_view, 4> kPinoutLanguages = {"en", "ro", "de", "fr"};

/// The text in this language, one of kPinoutLanguages; English for any other.
/// Source: docs/hardware.md 4.5 and the vendor's page about the extension pins.
const PinoutText& pinout_text(std::string_view language);

/// The language of a locale's name, "de" of "de_AT.UTF-8", if pinout speaks it; else English.
std::string_view pinout_language_of(std::string_view locale);

}  // namespace minikvm
