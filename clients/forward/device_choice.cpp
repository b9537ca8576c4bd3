// SPDX-License-Identifier: MIT
// Devices, rules, and what comes of them.

#include "clients/forward/device_choice.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace minikvm {
namespace {

// CH9329, CH32V208.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kChipsAtTheTarget = {
    {{"1a86", "e129"}, {"1a86", "fe00"}}};

std::string_view property(const InputDevice& device, const std::string& name) {
    const auto found = device.properties.find(name);
    return found == device.properties.end() ? std::string_view() : found->second;
}

bool is(const InputDevice& device, const std::string& name) {
    return property(device, name) == "1";
}

bool is_a_sticks_own(const InputDevice& device) {
    const std::pair chip(property(device, "ID_VENDOR_ID"), property(device, "ID_MODEL_ID"));
    return device.phys.starts_with("minikvm/") ||
           std::ranges::find(kChipsAtTheTarget, chip) != kChipsAtTheTarget.end();
}

bool matches(const std::string& pattern, std::string_view text) {
    return ::fnmatch(pattern.c_str(), std::string(text).c_str(), 0) == 0;
}

bool holds(const DeviceRule& rule, const InputDevice& device) {
    switch (rule.subject) {
        case DeviceRule::Subject::Name:
            return matches(rule.pattern, device.name);
        case DeviceRule::Subject::Property:
            return matches(rule.pattern, property(device, rule.property));
        case DeviceRule::Subject::Path:
            break;
    }
    return matches(rule.pattern, device.node) ||
           std::ranges::any_of(
               device.links, [&](const std::string& link) { return matches(rule.pattern, link); });
}

bool any_holds(const std::vector<DeviceRule>& rules, const InputDevice& device) {
    return std::ranges::any_of(rules, [&](const auto& rule) { return holds(rule, device); });
}

// A pad or a tablet says where a finger is, which is no motion.
bool is_keyboard_or_mouse(const InputDevice& device) {
    const bool no_mouse = is(device, "ID_INPUT_TOUCHPAD") || is(device, "ID_INPUT_TABLET") ||
                          is(device, "ID_INPUT_TOUCHSCREEN") || is(device, "ID_INPUT_JOYSTICK");
    return is(device, "ID_INPUT_KEYBOARD") || (is(device, "ID_INPUT_MOUSE") && !no_mouse);
}

// "usb-0000:00:14.0-2" of ".../input1": what else is in the same case.
std::string_view place(const InputDevice& device) {
    const std::string_view phys = device.phys;
    return phys.substr(0, phys.rfind("/input") == std::string_view::npos ? 0 : phys.rfind('/'));
}

// A keyboard's media and power keys are a device of their own.
bool is_part_of_a_keyboard(const InputDevice& device, std::span<const InputDevice> devices) {
    return is(device, "ID_INPUT_KEY") && !place(device).empty() &&
           std::ranges::any_of(devices, [&](const InputDevice& other) {
               return is(other, "ID_INPUT_KEYBOARD") && place(other) == place(device);
           });
}

}  // namespace

std::set<std::string> choose_devices(std::span<const InputDevice> devices,
                                     const DeviceRules& rules) {
    std::set<std::string> chosen;
    for (const InputDevice& device : devices) {
        const bool wanted = rules.devices.empty() ? is_keyboard_or_mouse(device) ||
                                                        is_part_of_a_keyboard(device, devices)
                                                  : any_holds(rules.devices, device);
        if (wanted && !any_holds(rules.ignore, device) && !is_a_sticks_own(device)) {
            chosen.insert(device.node);
        }
    }
    return chosen;
}

}  // namespace minikvm
