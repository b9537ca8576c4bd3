// SPDX-License-Identifier: MIT
// Names of keys, by way of libevdev.

#include "configuration/key_names.h"

#include <libevdev/libevdev.h>
#include <linux/input-event-codes.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

#include "protocol/errors.h"
#include "protocol/hid_keymap.h"
#include "protocol/suggestion.h"

namespace minikvm {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint16_t>, 29> kShortNames = {{
    {"ctrl", KEY_LEFTCTRL},   {"control", KEY_LEFTCTRL},  {"rctrl", KEY_RIGHTCTRL},
    {"shift", KEY_LEFTSHIFT}, {"rshift", KEY_RIGHTSHIFT}, {"alt", KEY_LEFTALT},
    {"altgr", KEY_RIGHTALT},  {"ralt", KEY_RIGHTALT},     {"super", KEY_LEFTMETA},
    {"win", KEY_LEFTMETA},    {"windows", KEY_LEFTMETA},  {"meta", KEY_LEFTMETA},
    {"cmd", KEY_LEFTMETA},    {"rsuper", KEY_RIGHTMETA},  {"menu", KEY_COMPOSE},
    {"return", KEY_ENTER},    {"escape", KEY_ESC},        {"del", KEY_DELETE},
    {"ins", KEY_INSERT},      {"pgup", KEY_PAGEUP},       {"pgdn", KEY_PAGEDOWN},
    {"print", KEY_SYSRQ},     {"prtsc", KEY_SYSRQ},       {"plus", KEY_EQUAL},
    {"caps", KEY_CAPSLOCK},   {"num", KEY_NUMLOCK},       {"scroll", KEY_SCROLLLOCK},
    {"backtick", KEY_GRAVE},  {"break", KEY_PAUSE},
}};

std::string transformed(std::string_view text, int (*change)(int)) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [&](unsigned char letter) { return static_cast<char>(change(letter)); });
    return result;
}

// "did you mean" over all keys that a stick can send, which are those that keyboards have.
std::string nearest(std::string_view name) {
    std::vector<std::string> names;
    names.reserve(kShortNames.size() + hid::keymap().size());
    for (const auto& [short_name, code] : kShortNames) {
        names.emplace_back(short_name);
    }
    for (const hid::KeymapEntry& entry : hid::keymap()) {
        const char* const known =
            libevdev_event_code_get_name(EV_KEY, static_cast<unsigned>(entry.code));
        if (known != nullptr && std::string_view(known).starts_with("KEY_")) {
            names.push_back(transformed(std::string_view(known).substr(4), std::tolower));
        }
    }
    const std::vector<std::string_view> words(names.begin(), names.end());
    const std::string_view found = closest_word(name, words);
    return found.empty() ? "; names are those of linux/input-event-codes.h without KEY_"
                         : "; did you mean " + std::string(found) + "?";
}

Result<std::uint16_t> parse_key(std::string_view text) {
    std::string name = transformed(text, std::tolower);
    if (name.starts_with("key_")) {
        name.erase(0, std::string_view("key_").size());
    }
    const auto* const known = std::ranges::find(
        kShortNames, name, [](const auto& entry) { return std::string(entry.first); });
    if (known != kShortNames.end()) {
        return known->second;
    }
    const int code =
        libevdev_event_code_from_name(EV_KEY, ("KEY_" + transformed(name, std::toupper)).c_str());
    if (code < 0) {
        return make_error(ControlError::BadValue,
                          "there is no key \"" + std::string(text) + "\"" + nearest(name));
    }
    return static_cast<std::uint16_t>(code);
}

}  // namespace

Result<std::vector<std::uint16_t>> parse_keys(std::string_view text) {
    std::vector<std::uint16_t> codes;
    for (std::string_view rest = text;;) {
        const std::size_t end = std::min(rest.find('+'), rest.size());
        const std::uint16_t code = MINIKVM_TRY(parse_key(rest.substr(0, end)));
        if (std::ranges::find(codes, code) != codes.end()) {
            return make_error(ControlError::BadValue,
                              "\"" + std::string(text) + "\" has one key twice");
        }
        codes.push_back(code);
        if (end == rest.size()) {
            return codes;
        }
        rest.remove_prefix(end + 1);
    }
}

}  // namespace minikvm
