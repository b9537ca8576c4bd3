// SPDX-License-Identifier: MIT

#include "daemon/generation_attributes.h"

#include <initializer_list>

namespace minikvm {

std::vector<std::string_view> absent_attributes(const GenerationFacts& facts) {
    std::vector<std::string_view> absent;
    const auto unless = [&absent](bool has, std::initializer_list<std::string_view> names) {
        if (!has) {
            absent.insert(absent.end(), names);
        }
    };
    unless(facts.switch_way != SwitchWay::SlideOnly,
           {"usb/moved_by", "usb/problem", "usb/switch", "usb/verified"});
    unless(facts.slide_cell == Has::Yes, {"usb/follow_slide", "usb/slide"});
    unless(facts.power_line == Has::Yes, {"usb/power"});
    unless(facts.extension_pins == Has::Yes, {"extension/host/device", "extension/host/reset"});
    unless(facts.line_speed == Has::Yes,
           {"input/resets", "serial/baud_bd", "serial/reopens", "serial/resets"});
    return absent;
}

}  // namespace minikvm
