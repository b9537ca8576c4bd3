// SPDX-License-Identifier: MIT
// The table of keys.

#include "configuration/key_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "configuration/configuration.h"
#include "configuration/key_names.h"

namespace minikvm {
namespace {

using Value = ConfigurationValue;

constexpr std::int64_t kHighestVideoNode = 255;  // kernel v4l2-dev.c, VIDEO_NUM_DEVICES = 256
// A camera's label is "Mini-KVM NAME" in the 31 bytes that v4l2_capability.card has for it.
constexpr std::int64_t kLongestStickName = 22;
constexpr std::int64_t kLongestGroupName = 32;  // useradd(8)

bool yes(const Value& value) {
    return std::get<bool>(value);
}

int number(const Value& value) {
    return static_cast<int>(std::get<std::int64_t>(value));
}

std::optional<int> number_or_word(const Value& value) {
    return std::holds_alternative<std::int64_t>(value) ? std::optional(number(value))
                                                       : std::nullopt;
}

const std::string& text(const Value& value) {
    return std::get<std::string>(value);
}

std::optional<SwitchPosition> side(const Value& value) {
    if (text(value) == "leave") {
        return std::nullopt;
    }
    return text(value) == "host" ? SwitchPosition::Host : SwitchPosition::Target;
}

std::optional<int> whole_number(std::string_view digits) {
    int result = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
    const bool good = error == std::errc() && end == digits.data() + digits.size() && result > 0;
    return good ? std::optional(result) : std::nullopt;
}

std::optional<ConfiguredSize> picture_size(std::string_view words) {
    const std::size_t cross = words.find('x');
    if (cross == std::string_view::npos) {
        return std::nullopt;
    }
    const std::optional<int> width = whole_number(words.substr(0, cross));
    const std::optional<int> height = whole_number(words.substr(cross + 1));
    return width && height ? std::optional(ConfiguredSize{*width, *height}) : std::nullopt;
}

// Checked by accepts(); a word such as "off" stands for no keys.
std::vector<std::uint16_t> keys(const Value& value) {
    return parse_keys(text(value)).value_or(std::vector<std::uint16_t>());
}

std::vector<DeviceRule> rules(const Value& value) {
    std::vector<DeviceRule> parsed;
    for (const std::string& rule : std::get<std::vector<std::string>>(value)) {
        parsed.push_back(parse_device_rule(rule).value());
    }
    return parsed;
}

log::Level log_level(const Value& value) {
    constexpr std::array kLevels = {
        std::pair{"error", log::Level::Error}, std::pair{"warning", log::Level::Warning},
        std::pair{"notice", log::Level::Notice}, std::pair{"debug", log::Level::Debug}};
    for (const auto& [word, level] : kLevels) {
        if (text(value) == word) {
            return level;
        }
    }
    return log::Level::Info;
}

bool is_name(std::string_view name, const NumberRange& length) {
    constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return name.empty() ||
           (static_cast<std::int64_t>(name.size()) <= length.most && name.front() != '-' &&
            name.front() != '.' && name.find_first_not_of(kLetters) == std::string_view::npos);
}

std::string quoted(std::span<const std::string_view> words) {
    return fmt::format("\"{}\"", fmt::join(words, "\", \""));
}

std::vector<ConfigurationKey> make_keys() {
    return {
        {.name = "name",
         .kind = ValueKind::Name,
         .range = {0, kLongestStickName},
         .standard = "",
         .scope = KeyScope::OneStick,
         .effect = KeyEffect::AtReload,
         .description = "What the stick on this USB hub is called, besides its ID.",
         .store = [](auto& all, const Value& value) { all.name = text(value); }},
        {.name = "generation",
         .words = {"auto", "mini-kvm-1.6"},
         .standard = "auto",
         .scope = KeyScope::OneStick,
         .effect = KeyEffect::AtReload,
         .description = "Says that it is a pre-production 1.6, which cannot be told from a 1.9.",
         .store = [](auto& all, const Value& value) { all.generation = text(value); }},
        {.name = "video.format",
         .words = {"yuyv", "yu12", "nv12", "mjpg"},
         .standard = "yuyv",
         .description = "The camera's picture format; mjpg passes the stick's own pictures on.",
         .store = [](auto& all, const Value& value) { all.video.format = text(value); }},
        {.name = "video.size",
         .kind = ValueKind::PictureSize,
         .words = {"auto"},
         .standard = "1920x1080",
         .description = "The camera's size in pixels, or auto: the target's where the stick "
                        "offers it.",
         .store = [](auto& all,
                     const Value& value) { all.video.size = picture_size(text(value)); }},
        {.name = "video.rate_hz",
         .kind = ValueKind::Number,
         .range = {1, 120},
         .unit = "Hz",
         .standard = std::int64_t{30},
         .description = "Pictures a second; the nearest rate that the stick offers is taken.",
         .store = [](auto& all, const Value& value) { all.video.rate_hz = number(value); }},
        {.name = "video.max_cameras",
         .kind = ValueKind::Number,
         .range = {1, 8},
         .standard = std::int64_t{4},
         .description = "How many cameras one stick may have, one for each viewer.",
         .store = [](auto& all, const Value& value) { all.video.max_cameras = number(value); }},
        {.name = "video.first_node",
         .kind = ValueKind::Number,
         .words = {"auto"},
         .range = {0, kHighestVideoNode},
         .standard = "auto",
         .description = "The first camera is /dev/video with this number, after every boot.",
         .store = [](auto& all,
                     const Value& value) { all.video.first_node = number_or_word(value); }},
        {.name = "video.stall_ms",
         .kind = ValueKind::Number,
         .range = {500, 60000},
         .unit = "ms",
         .standard = std::int64_t{3000},
         .description =
             "A stream without a frame for so long is started anew, then the stick reset.",
         .store =
             [](auto& all, const Value& value) {
                 all.video.stall = std::chrono::milliseconds(number(value));
             }},
        {.name = "input.horizontal_wheel",
         .words = {"off", "shift"},
         .standard = "off",
         .description = "What a horizontal wheel does; shift makes it Shift and the wheel.",
         .store =
             [](auto& all, const Value& value) {
                 all.input.horizontal_wheel =
                     text(value) == "shift" ? HorizontalWheel::ShiftAndWheel : HorizontalWheel::Off;
             }},
        {.name = "input.jiggler_s",
         .kind = ValueKind::Number,
         .words = {"off"},
         .range = {5, 3600},
         .unit = "s",
         .standard = "off",
         .description = "Moves the target's pointer a little after so much idleness.",
         .store =
             [](auto& all, const Value& value) {
                 const std::optional<int> idle = number_or_word(value);
                 all.input.jiggler =
                     idle ? std::optional(std::chrono::seconds(*idle)) : std::nullopt;
             }},
        {.name = "serial.raise_baud",
         .kind = ValueKind::YesNo,
         .standard = true,
         .description = "Moves an input chip found at 9600 Bd to 115200 Bd, for good.",
         .store = [](auto& all, const Value& value) { all.serial.raise_baud = yes(value); }},
        {.name = "usb.follow_slide",
         .kind = ValueKind::YesNo,
         .standard = true,
         .description = "Moves the USB-A port when the slide switch on the stick is moved.",
         .store = [](auto& all, const Value& value) { all.usb.follow_slide = yes(value); }},
        {.name = "usb.at_start",
         .words = {"leave", "host", "target"},
         .standard = "leave",
         .description =
             "Where the USB-A port goes when the stick is plugged, or its service started.",
         .store = [](auto& all, const Value& value) { all.usb.at_start = side(value); }},
        {.name = "usb.at_stop",
         .words = {"leave", "host", "target"},
         .standard = "leave",
         .description = "Where the USB-A port goes when the stick's service is stopped for good.",
         .store = [](auto& all, const Value& value) { all.usb.at_stop = side(value); }},
        {.name = "usb.without_target",
         .words = {"leave", "host", "target"},
         .standard = "leave",
         .description = "Where the USB-A port goes when the target vanishes.",
         .store = [](auto& all, const Value& value) { all.usb.without_target = side(value); }},
        {.name = "control.read_only_group",
         .kind = ValueKind::Name,
         .range = {0, kLongestGroupName},
         .standard = "",
         .description = "Members of this group may read the control socket and change nothing.",
         .store = [](auto& all, const Value& value) { all.control.read_only_group = text(value); }},
        {.name = "forward.hotkey",
         .kind = ValueKind::Keys,
         .words = {"off"},
         .standard = "leftctrl+rightctrl",
         .scope = KeyScope::Machine,
         .effect = KeyEffect::AtReload,
         .description = "Keys that move keyboard and mouse to the next stick, and back.",
         .store = [](auto& all, const Value& value) { all.forward.hotkey = keys(value); }},
        {.name = "forward.stick_hotkey",
         .kind = ValueKind::Keys,
         .words = {"off"},
         .standard = "off",
         .scope = KeyScope::OneStick,
         .effect = KeyEffect::AtReload,
         .description = "Keys that move keyboard and mouse to this stick at once.",
         .store = [](auto& all, const Value& value) { all.forward.stick_hotkey = keys(value); }},
        {.name = "forward.panic",
         .kind = ValueKind::Keys,
         .standard = "backspace+esc+enter",
         .scope = KeyScope::Machine,
         .effect = KeyEffect::AtReload,
         .description = "Keys that give keyboard and mouse back at once, whatever hangs.",
         .store = [](auto& all, const Value& value) { all.forward.panic = keys(value); }},
        {.name = "forward.propagate_hotkey",
         .kind = ValueKind::YesNo,
         .standard = false,
         .scope = KeyScope::Machine,
         .effect = KeyEffect::AtReload,
         .description = "Whether the target gets the whole hotkey, too, when it ends its turn.",
         .store = [](auto& all, const Value& value) { all.forward.propagate_hotkey = yes(value); }},
        {.name = "forward.devices",
         .kind = ValueKind::DeviceRules,
         .standard = std::vector<std::string>(),
         .scope = KeyScope::Machine,
         .effect = KeyEffect::AtReload,
         .description = "Which input devices are forwarded; none stands for keyboards and mice.",
         .store = [](auto& all, const Value& value) { all.forward.devices = rules(value); }},
        {.name = "forward.ignore",
         .kind = ValueKind::DeviceRules,
         .standard = std::vector<std::string>(),
         .scope = KeyScope::Machine,
         .effect = KeyEffect::AtReload,
         .description = "Which of those are left to this machine all the same.",
         .store = [](auto& all, const Value& value) { all.forward.ignore = rules(value); }},
        {.name = "log.level",
         .words = {"error", "warning", "notice", "info", "debug"},
         .standard = "info",
         .effect = KeyEffect::AtReload,
         .description = "How much the daemon writes to the log; never what is typed.",
         .store = [](auto& all, const Value& value) { all.log_level = log_level(value); }},
    };
}

}  // namespace

std::span<const ConfigurationKey> configuration_keys() {
    static const std::vector<ConfigurationKey> keys = make_keys();
    return keys;
}

const ConfigurationKey* find_configuration_key(std::string_view name) {
    const auto keys = configuration_keys();
    const auto found = std::ranges::find(keys, name, &ConfigurationKey::name);
    return found == keys.end() ? nullptr : &*found;
}

bool accepts(const ConfigurationKey& key, const ConfigurationValue& value) {
    if (const auto* words = std::get_if<std::string>(&value)) {
        return std::ranges::find(key.words, *words) != key.words.end() ||
               (key.kind == ValueKind::PictureSize && picture_size(*words)) ||
               (key.kind == ValueKind::Name && is_name(*words, key.range)) ||
               (key.kind == ValueKind::Keys && parse_keys(*words));
    }
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
        return key.kind == ValueKind::DeviceRules &&
               std::ranges::all_of(
                   *list, [](const auto& rule) { return parse_device_rule(rule).has_value(); });
    }
    if (const auto* figure = std::get_if<std::int64_t>(&value)) {
        return key.kind == ValueKind::Number && *figure >= key.range.least &&
               *figure <= key.range.most;
    }
    return key.kind == ValueKind::YesNo;
}

std::string what_is_accepted(const ConfigurationKey& key) {
    const std::string unit = key.unit.empty() ? "" : fmt::format(" ({})", key.unit);
    const std::string or_words = key.words.empty() ? "" : " or " + quoted(key.words);
    switch (key.kind) {
        case ValueKind::YesNo:
            return "true or false";
        case ValueKind::Number:
            return fmt::format("a number, {} to {}{}{}", key.range.least, key.range.most, unit,
                               or_words);
        case ValueKind::Word:
            return "one of " + quoted(key.words);
        case ValueKind::PictureSize:
            return fmt::format("a size such as \"1280x720\"{}", or_words);
        case ValueKind::Keys:
            return fmt::format("keys such as \"leftctrl+rightctrl\"{}", or_words);
        case ValueKind::DeviceRules:
            return "a list of rules such as [\"name:*Keyboard*\"]";
        case ValueKind::Name:
            break;
    }
    return fmt::format("a name of at most {} letters, digits, '-', '_' and '.'", key.range.most);
}

std::string value_text(const ConfigurationValue& value) {
    if (const auto* words = std::get_if<std::string>(&value)) {
        return fmt::format("\"{}\"", *words);
    }
    if (const auto* figure = std::get_if<std::int64_t>(&value)) {
        return std::to_string(*figure);
    }
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
        const std::vector<std::string_view> words(list->begin(), list->end());
        return words.empty() ? "[]" : fmt::format("[{}]", quoted(words));
    }
    return yes(value) ? "true" : "false";
}

}  // namespace minikvm
