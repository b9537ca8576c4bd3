// SPDX-License-Identifier: MIT
// A drawing in characters.

#include "clients/ctl/pinout_drawing.h"

#include <algorithm>

#include <fmt/format.h>

#include "protocol/utf8.h"

namespace minikvm {
namespace {

constexpr std::size_t kColumns = 78;
constexpr std::string_view kUnknownValue = "unknown";

struct Lines {
    std::string_view top;
    std::string_view side;
    std::string_view bottom;
    std::string_view wire;
};

constexpr Lines kBoxes = {"┌───┐", "│", "└───┘", "──"};
constexpr Lines kPlain = {"+---+", "|", "+---+", "--"};

std::size_t width_of(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        text.remove_prefix(std::max<std::size_t>(utf8_character_size(text), 1));
        ++columns;
    }
    return columns;
}

// As a paragraph, two columns in.
std::string wrapped(std::string_view text) {
    std::string paragraph;
    std::size_t column = kColumns;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (column + 1 + width_of(word) > kColumns) {
            paragraph += paragraph.empty() ? "  " : "\n  ";
            column = 2 + width_of(word);
        } else {
            paragraph += ' ';
            column += 1 + width_of(word);
        }
        paragraph += word;
    }
    return paragraph + '\n';
}

std::string_view meaning_of(const ExtensionPin& pin, const PinoutText& text) {
    if (pin.side.empty()) {
        return pin.signal == "GND" ? text.ground : text.power;
    }
    return pin.side == "host" ? text.host_pair : text.target_pair;
}

std::string pins(const PinoutText& text, const TextStyle& style) {
    const Lines& lines = style.line_drawing() ? kBoxes : kPlain;
    std::string drawing = fmt::format("  {}\n", lines.top);
    for (const ExtensionPin& pin : kExtensionPins) {
        // Padded first: a colour has no width.
        const std::string signal = fmt::format("{:<4}", pin.signal);
        drawing += fmt::format("  {} {} {}{} {} {}\n", lines.side, pin.number, lines.side,
                               lines.wire, pin.number == 1 ? style.in(Tone::Bad, signal) : signal,
                               meaning_of(pin, text));
    }
    return drawing + fmt::format("  {}\n", lines.bottom);
}

std::string shown(const std::string& device, const PinoutText& text, const TextStyle& style) {
    if (device.empty()) {
        return style.in(Tone::Faint, text.nothing);
    }
    return device == kUnknownValue ? style.in(Tone::Faint, text.unknown)
                                   : style.in(Tone::Good, device);
}

std::string plugged(const PluggedNow& stick, const PinoutText& text, const TextStyle& style) {
    const std::size_t width =
        std::max({width_of(text.host_pins), width_of(text.target_pins), width_of(text.usb_a)});
    const auto row = [&](std::string_view label, std::string_view content) {
        return fmt::format("    {}{}  {}\n", label, std::string(width - width_of(label), ' '),
                           content);
    };
    const std::string invisible = style.in(Tone::Faint, text.invisible);
    std::string rows = fmt::format("  {}, {}\n", text.now, style.in(Tone::Strong, stick.stick));
    if (stick.on_pins) {
        rows += row(text.host_pins, shown(*stick.on_pins, text, style));
        rows += row(text.target_pins, invisible);
    } else {
        rows += fmt::format("    {}\n", style.in(Tone::Faint, text.no_pins));
    }
    return rows + row(text.usb_a, stick.usb_switch == "target"
                                      ? invisible
                                      : shown(stick.in_usb_a, text, style));
}

}  // namespace

std::string pinout_drawing(const PinoutText& text, const std::vector<PluggedNow>& sticks,
                           const TextStyle& style) {
    std::string drawing = fmt::format("{}\n\n", style.in(Tone::Strong, text.title));
    drawing += pins(text, style) + '\n';
    for (const PluggedNow& stick : sticks) {
        drawing += plugged(stick, text, style) + '\n';
    }
    if (sticks.empty()) {
        drawing += fmt::format("  {}: {}\n\n", text.now, text.no_stick);
    }
    drawing += style.in(Tone::Bad, wrapped(text.damage)) + '\n';
    for (const std::string_view paragraph :
         {text.switching, text.warranty, text.experimental, text.models, text.page}) {
        drawing += wrapped(paragraph);
    }
    return drawing;
}

}  // namespace minikvm
