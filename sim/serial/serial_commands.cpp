// SPDX-License-Identifier: MIT
// The serial half's part of `minikvm-sim ctl`: words in, one line out.

#include "sim/serial/serial_commands.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace minikvm::sim {
namespace {

using Words = std::span<const std::string>;

constexpr std::string_view kHelp =
    "target present|absent|unplugged   what the target computer does\n"
    "target                            what it does now, and what it believes held\n"
    "leds none|num,caps,scroll         the lock LEDs it sets\n"
    "chip                              the keyboard chip's speed and counters\n"
    "                                  of a CH9329:\n"
    "chip factory                      resets it with its factory's settings\n"
    "chip absent-answer done|not-executed|silence\n"
    "                                  what it says to reports while the target is absent\n"
    "chip def-restores-factory on|off  whether RTS held for 3 s, then released, does\n"
    "chip def-reset-ms MILLISECONDS    how long RTS has to be held to reset it (50)\n"
    "chip takes-pin-modes on|off       whether SET_PARA takes a serial mode of 80 to 82\n"
    "chip wedge none|reset|usb         mute until it is told to reset, or until a USB reset\n"
    "chip answers-bad-header on|off    whether bytes without a head are answered with E2\n"
    "                                  of a CH32V208:\n"
    "chip button                       presses the KVM-GO's button\n"
    "chip silent on|off                whether it answers nothing at all\n"
    "chip answers-information on|off   whether it answers GET_INFO\n"
    "chip slide-rules on|off           whether the slide undoes the switch command at once\n"
    "fault lost N [CMD]                the next N commands are executed, not answered\n"
    "fault refused N [CMD]             ... are answered with E6, not executed\n"
    "fault doubled N [CMD]             ... are answered twice\n"
    "fault late N MILLISECONDS [CMD]   ... are answered later\n"
    "fault none                        all faults end; CMD is a command's number, as 0x02\n"
    "noise chip|host BYTE...           bytes that nobody sent, in hexadecimal, as AB\n";

Result<unsigned> number(const std::string& word, unsigned most) {
    const bool hexadecimal = word.starts_with("0x");
    const char* begin = word.data() + (hexadecimal ? 2 : 0);
    const char* end = word.data() + word.size();
    unsigned value = 0;
    const auto [stopped, error] = std::from_chars(begin, end, value, hexadecimal ? 16 : 10);
    if (error != std::errc() || stopped != end || value > most) {
        return wrong_word(word, fmt::format("a number from 0 to {}", most));
    }
    return value;
}

Result<std::vector<std::uint8_t>> hex_bytes(Words words) {
    std::vector<std::uint8_t> bytes;
    for (const std::string& word : words) {
        std::uint8_t value = 0;
        const char* end = word.data() + word.size();
        const auto [stopped, error] = std::from_chars(word.data(), end, value, 16);
        if (error != std::errc() || stopped != end) {
            return wrong_word(word, "00 to FF");
        }
        bytes.push_back(value);
    }
    return bytes;
}

std::string_view state_name(TargetState state) {
    switch (state) {
        case TargetState::Present:
            return "present";
        case TargetState::Absent:
            return "absent";
        case TargetState::Unplugged:
            return "unplugged";
    }
    return "";
}

Result<std::string> target(InputHalf& half, Words words) {
    if (words.size() > 1) {
        const std::array<TargetState, 3> states = {TargetState::Present, TargetState::Absent,
                                                   TargetState::Unplugged};
        for (const TargetState state : states) {
            if (words[1] == state_name(state)) {
                half.set_target(state);
                return std::string("ok");
            }
        }
        return wrong_word(words[1], "present absent unplugged");
    }
    const TargetRecorder& recorder = half.target();
    return fmt::format("{} modifiers={} keys={} buttons={},{} leds={} reports={}",
                       state_name(recorder.state()), recorder.held_keys().modifiers,
                       fmt::join(recorder.held_keys().usages, ","),
                       recorder.held_buttons().relative, recorder.held_buttons().absolute,
                       recorder.leds(), recorder.reports());
}

Result<std::string> leds(InputHalf& half, Words words) {
    std::uint8_t lit = 0;
    const std::string list = words.size() > 1 ? words[1] : "";
    for (std::size_t begin = 0; begin <= list.size() && list != "none";) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        const std::string name = list.substr(begin, end - begin);
        if (name != "num" && name != "caps" && name != "scroll") {
            return wrong_word(name, "none num caps scroll");
        }
        lit |= name == "num" ? kLedNum : name == "caps" ? kLedCaps : kLedScroll;
        begin = end + 1;
    }
    half.set_leds(lit);
    return std::string("ok");
}

Result<std::string> set_chip_switch(SerialHalf& half, const std::string& name,
                                    const std::string& value) {
    Ch9329Options& options = half.chip_options();
    if (name == "absent-answer") {
        if (value != "done" && value != "not-executed" && value != "silence") {
            return wrong_word(value, "done not-executed silence");
        }
        options.absent_target = value == "done"           ? AbsentTargetAnswer::Done
                                : value == "not-executed" ? AbsentTargetAnswer::NotExecuted
                                                          : AbsentTargetAnswer::Silence;
    } else if (name == "def-restores-factory") {
        options.def_restores_factory = MINIKVM_TRY(on_or_off(value));
    } else if (name == "def-reset-ms") {
        options.def_reset_time = std::chrono::milliseconds(MINIKVM_TRY(number(value, 60'000)));
    } else if (name == "takes-pin-modes") {
        options.set_accepts_pin_serial_mode = MINIKVM_TRY(on_or_off(value));
    } else if (name == "wedge") {
        if (value != "none" && value != "reset" && value != "usb") {
            return wrong_word(value, "none reset usb");
        }
        half.set_wedge(value == "none"    ? Wedge::None
                       : value == "reset" ? Wedge::UntilReset
                                          : Wedge::UntilUsbReset);
    } else if (name == "answers-bad-header") {
        options.answers_bad_header = MINIKVM_TRY(on_or_off(value));
    } else {
        return wrong_word(name,
                          "absent-answer def-restores-factory def-reset-ms takes-pin-modes "
                          "answers-bad-header wedge");
    }
    return std::string("ok");
}

Result<std::string> chip(InputHalf& half, Words words) {
    return half.chip_command(words);
}

Result<AnswerFault::Kind> fault_kind(const std::string& word) {
    if (word == "lost") {
        return AnswerFault::Kind::Lost;
    }
    if (word == "refused") {
        return AnswerFault::Kind::Refused;
    }
    if (word == "doubled") {
        return AnswerFault::Kind::Doubled;
    }
    if (word == "late") {
        return AnswerFault::Kind::Late;
    }
    return wrong_word(word, "lost refused doubled late none");
}

Result<std::string> fault(InputHalf& half, Words words) {
    if (words.size() == 2 && words[1] == "none") {
        half.clear_faults();
        return std::string("ok");
    }
    AnswerFault added;
    added.kind = MINIKVM_TRY(fault_kind(words.size() > 1 ? words[1] : ""));
    Words rest = words.subspan(2);
    const std::size_t numbers = added.kind == AnswerFault::Kind::Late ? 2 : 1;
    if (rest.size() < numbers) {
        return wrong_word(words[1], "a fault with its numbers");
    }
    added.remaining = MINIKVM_TRY(number(rest[0], 1'000'000));
    if (numbers == 2) {
        added.delay = std::chrono::milliseconds(MINIKVM_TRY(number(rest[1], 60'000)));
    }
    if (rest.size() > numbers) {
        added.command = static_cast<std::uint8_t>(MINIKVM_TRY(number(rest[numbers], 0x3F)));
    }
    half.add_fault(added);
    return std::string("ok");
}

Result<std::string> noise(InputHalf& half, Words words) {
    const std::string side = words.size() > 1 ? words[1] : "";
    if (side != "chip" && side != "host") {
        return wrong_word(side, "chip host");
    }
    const std::vector<std::uint8_t> bytes = MINIKVM_TRY(hex_bytes(words.subspan(2)));
    if (side == "chip") {
        half.add_noise_to_chip(bytes);
    } else {
        half.add_noise_to_bridge(bytes);
    }
    return std::string("ok");
}

struct SerialCommand {
    std::string_view name;
    Result<std::string> (*run)(InputHalf& half, Words words);
};

constexpr std::array<SerialCommand, 5> kSerialCommands = {
    {{"target", target}, {"leds", leds}, {"chip", chip}, {"fault", fault}, {"noise", noise}}};

}  // namespace

std::string_view serial_commands_help() {
    return kHelp;
}

std::optional<Result<std::string>> run_serial_command(InputHalf& half, Words words) {
    for (const SerialCommand& command : kSerialCommands) {
        if (!words.empty() && words.front() == command.name) {
            return command.run(half, words);
        }
    }
    return std::nullopt;
}

Result<std::string> ch9329_chip_command(SerialHalf& half, Words words) {
    if (words.size() == 3) {
        return set_chip_switch(half, words[1], words[2]);
    }
    if (words.size() == 2) {
        if (words[1] != "factory") {
            return wrong_word(words[1], "factory, or a switch and its value");
        }
        half.restore_factory();
        return std::string("ok");
    }
    const Ch9329Model& model = half.chip();
    return fmt::format("speed={} line={} answers={} lost={} unheard={}", model.active().speed_bd(),
                       half.line_speed_bd(), model.answers() ? "yes" : "no", model.lost_commands(),
                       model.unheard_bytes());
}

tl::unexpected<Error> wrong_word(std::string_view what, std::string_view right) {
    return make_error(std::make_error_code(std::errc::invalid_argument),
                      fmt::format("\"{}\" is not one of: {}", what, right));
}

Result<bool> on_or_off(const std::string& word) {
    if (word != "on" && word != "off") {
        return wrong_word(word, "on off");
    }
    return word == "on";
}

}  // namespace minikvm::sim
