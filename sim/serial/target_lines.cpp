// SPDX-License-Identifier: MIT
// The target recorder's lines: one JSON object each, as docs/target-recorder.md describes them.

#include "sim/serial/target_lines.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace minikvm::sim {
namespace {

constexpr int kFirstSystemUsage = 0x81;  // power; then sleep, wake (hardware.md 5.8)

// Consumer usages in the order of the report's bits (hardware.md 7 D).
constexpr std::array<int, 24> kConsumerUsages = {
    0xE9,  0xEA,  0xE2,  0xCD,  0xB5,  0xB6,  0xB7,  0xB8,   // byte 0
    0x18A, 0x221, 0x22A, 0x223, 0x224, 0x225, 0x226, 0x227,  // byte 1
    0x183, 0x196, 0x192, 0x19E, 0x194, 0x206, 0xB2,  0xB4};  // byte 2

bool bit_set(std::span<const std::uint8_t> bytes, std::size_t bit) {
    return (bytes[bit / 8] >> (bit % 8) & 1U) != 0;
}

std::string hex(std::span<const std::uint8_t> bytes) {
    return fmt::format("{:02x}", fmt::join(bytes, ""));
}

std::uint8_t low_byte(std::uint16_t value) {
    return static_cast<std::uint8_t>(value & 0xFFU);
}
std::uint8_t high_byte(std::uint16_t value) {
    return static_cast<std::uint8_t>(value >> 8U);
}
std::uint8_t raw(std::int8_t value) {
    return static_cast<std::uint8_t>(value);
}

/// A report's part of its line: from its name to its last field.
struct Fields {
    std::string operator()(const KeyboardReport& report) const {
        std::vector<std::uint8_t> bytes = {report.modifiers, 0};
        bytes.insert(bytes.end(), report.usages.begin(), report.usages.end());
        std::vector<int> keys;
        std::copy_if(report.usages.begin(), report.usages.end(), std::back_inserter(keys),
                     [](std::uint8_t usage) { return usage != 0; });
        return fmt::format(R"("keyboard","hex":"{}","modifiers":{},"keys":[{}])", hex(bytes),
                           report.modifiers, fmt::join(keys, ","));
    }

    std::string operator()(const SystemReport& report) const {
        const std::array<std::uint8_t, 1> bytes = {report.bits};
        std::vector<int> usages;
        for (std::size_t bit = 0; bit < 3; ++bit) {
            if (bit_set(bytes, bit)) {
                usages.push_back(kFirstSystemUsage + static_cast<int>(bit));
            }
        }
        return fmt::format(R"("system","hex":"{}","usages":[{}])", hex(bytes),
                           fmt::join(usages, ","));
    }

    std::string operator()(const ConsumerReport& report) const {
        std::vector<int> usages;
        for (std::size_t bit = 0; bit < kConsumerUsages.size(); ++bit) {
            if (bit_set(report.bits, bit)) {
                usages.push_back(kConsumerUsages.at(bit));
            }
        }
        return fmt::format(R"("consumer","hex":"{}","usages":[{}])", hex(report.bits),
                           fmt::join(usages, ","));
    }

    std::string operator()(const RelativeMouseReport& report) const {
        const std::array<std::uint8_t, 4> bytes = {report.buttons, raw(report.dx), raw(report.dy),
                                                   raw(report.wheel)};
        return fmt::format(R"("mouse-relative","hex":"{}","buttons":{},"dx":{},"dy":{},"wheel":{})",
                           hex(bytes), report.buttons, report.dx, report.dy, report.wheel);
    }

    std::string operator()(const AbsoluteMouseReport& report) const {
        const std::array<std::uint8_t, 6> bytes = {report.buttons,      low_byte(report.x),
                                                   high_byte(report.x), low_byte(report.y),
                                                   high_byte(report.y), raw(report.wheel)};
        return fmt::format(R"("mouse-absolute","hex":"{}","buttons":{},"x":{},"y":{},"wheel":{})",
                           hex(bytes), report.buttons, report.x, report.y, report.wheel);
    }

    std::string operator()(const CustomReport& report) const {
        return fmt::format(R"("custom","hex":"{}")", hex(report.bytes));
    }
};

}  // namespace

std::string seconds_text(TimePoint at) {
    using namespace std::chrono;
    const auto since_boot = at.time_since_epoch();
    const auto whole = duration_cast<seconds>(since_boot);
    const auto rest = duration_cast<nanoseconds>(since_boot - whole);
    return fmt::format("{}.{:09}", whole.count(), rest.count());
}

std::string report_line(TimePoint at, const HidReport& report) {
    return fmt::format(R"({{"t":{},"report":{}}})", seconds_text(at), std::visit(Fields{}, report));
}

std::string event_line(TimePoint at, std::string_view event) {
    return fmt::format(R"({{"t":{},"event":"{}"}})", seconds_text(at), event);
}

std::string leds_line(TimePoint at, std::uint8_t leds) {
    std::vector<std::string_view> names;
    if ((leds & kLedNum) != 0) {
        names.emplace_back(R"("num")");
    }
    if ((leds & kLedCaps) != 0) {
        names.emplace_back(R"("caps")");
    }
    if ((leds & kLedScroll) != 0) {
        names.emplace_back(R"("scroll")");
    }
    return fmt::format(R"({{"t":{},"event":"leds","leds":[{}]}})", seconds_text(at),
                       fmt::join(names, ","));
}

}  // namespace minikvm::sim
