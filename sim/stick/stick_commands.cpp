// SPDX-License-Identifier: MIT
// The table of commands.

#include "sim/stick/stick_commands.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/file.h"
#include "sim/serial/serial_commands.h"

namespace minikvm::sim {
namespace {

using Words = std::span<const std::string>;

constexpr std::string_view kHelp =
    "status                            what is plugged in, shown, switched, counted\n"
    "signal on|off [filler|frozen|nothing]\n"
    "                                  the target's HDMI signal; what the chip sends without\n"
    "input WxH@HZ                      the target's mode, as 1280x720@59.94\n"
    "slide host|target                 the slide switch; on a 1.9 it moves nothing by itself\n"
    "usb-a in|out                      the device in the USB-A socket\n"
    "extension in|out                  the device on the extension pins, at hub port 4\n"
    "unplug [stick|capture|serial]     pulls the host's cable, or one half\n"
    "replug [stick|capture|serial]     plugs it in again\n"
    "nonce [HEX]                       the run's number in the test picture\n"
    "fault truncated-jpeg N|on|off     frames end without their last third\n"
    "fault damaged-jpeg N|on|off       frames lack a piece of their middle\n"
    "fault empty-jpeg N|on|off         frames begin and end, with nothing between\n"
    "fault wrong-size-jpeg N|on|off    frames speak of half their lines\n"
    "fault repeated-frame N|on|off     the next frame comes so many times more\n"
    "fault slow-start MILLISECONDS     how late a stream's first frame comes\n"
    "fault no-frames on|off            no frames at all\n"
    "fault stall none|restart|reset    no frames until the stream is started anew, the chip reset\n"
    "fault ignore-switch on|off        the chip takes the command to switch, nothing moves\n"
    "fault registers none|stall|hang|late|wrong-address|torn\n"
    "                                  what the register interface answers\n"
    "firmware NNNNNNNN|factory         puts other firmware on the capture chip\n"
    "trace                             the edges of DTR and RTS with their times\n"
    "help                              these lines\n";

/// A choice by its word; the error lists all words.
template <typename Value>
struct Choice {
    std::string_view word;
    Value value;
};

tl::unexpected<Error> wrong(std::string_view what, const std::string& right) {
    return make_error(std::make_error_code(std::errc::invalid_argument),
                      fmt::format("\"{}\" is not one of: {}", what, right));
}

template <typename Value, std::size_t kCount>
Result<Value> choose(Words words, std::size_t at,
                     const std::array<Choice<Value>, kCount>& choices) {
    const std::string_view word = at < words.size() ? std::string_view(words[at]) : "";
    std::string all;
    for (const Choice<Value>& choice : choices) {
        if (choice.word == word) {
            return choice.value;
        }
        all += all.empty() ? "" : " ";
        all += choice.word;
    }
    return wrong(word, all);
}

constexpr std::array kOnOff = {Choice<bool>{"on", true}, Choice<bool>{"off", false}};
constexpr std::array kInOut = {Choice<bool>{"in", true}, Choice<bool>{"out", false}};
constexpr std::array kSides = {Choice<Side>{"host", Side::Host},
                               Choice<Side>{"target", Side::Target}};

enum class Pulled { Stick, Capture, Serial };
constexpr std::array kPulled = {Choice<Pulled>{"stick", Pulled::Stick},
                                Choice<Pulled>{"capture", Pulled::Capture},
                                Choice<Pulled>{"serial", Pulled::Serial}};

Result<std::string> status(VirtualStick& stick, Words /*words*/) {
    return stick.status();
}

Result<std::string> signal(VirtualStick& stick, Words words) {
    constexpr std::array kWithout = {Choice<WithoutSignal>{"filler", WithoutSignal::Filler},
                                     Choice<WithoutSignal>{"frozen", WithoutSignal::Frozen},
                                     Choice<WithoutSignal>{"nothing", WithoutSignal::Nothing}};
    const bool on = MINIKVM_TRY(choose(words, 1, kOnOff));
    const WithoutSignal without =
        words.size() > 2 ? MINIKVM_TRY(choose(words, 2, kWithout)) : WithoutSignal::Filler;
    stick.set_signal(on ? HdmiSignal::Present : HdmiSignal::Absent, without);
    return std::string();
}

Result<std::string> input(VirtualStick& stick, Words words) {
    stick.set_input(MINIKVM_TRY(parse_input_mode(words.size() > 1 ? words[1] : "")));
    return std::string();
}

Result<std::string> slide(VirtualStick& stick, Words words) {
    stick.set_slide(MINIKVM_TRY(choose(words, 1, kSides)));
    return std::string();
}

Result<std::string> usb_a(VirtualStick& stick, Words words) {
    const bool in = MINIKVM_TRY(choose(words, 1, kInOut));
    stick.set_usb_a(in ? UsbASocket::Taken : UsbASocket::Empty);
    return std::string();
}

Result<std::string> extension(VirtualStick& stick, Words words) {
    const bool in = MINIKVM_TRY(choose(words, 1, kInOut));
    stick.set_extension(in ? Plugged::Yes : Plugged::No);
    return std::string();
}

Result<std::string> plug(VirtualStick& stick, Words words, Plugged plugged) {
    const Pulled part = words.size() > 1 ? MINIKVM_TRY(choose(words, 1, kPulled)) : Pulled::Stick;
    if (part == Pulled::Stick) {
        stick.set_cable(plugged);
    } else {
        stick.set_half(part == Pulled::Capture ? StickHalf::Capture : StickHalf::Serial, plugged);
    }
    return std::string();
}

Result<std::string> unplug(VirtualStick& stick, Words words) {
    return plug(stick, words, Plugged::No);
}

Result<std::string> replug(VirtualStick& stick, Words words) {
    return plug(stick, words, Plugged::Yes);
}

Result<std::string> nonce(VirtualStick& stick, Words words) {
    if (words.size() > 1) {
        stick.set_nonce(MINIKVM_TRY(parse_nonce(words[1])));
        return std::string();
    }
    return fmt::format("{:08x}\n", stick.nonce());
}

std::optional<unsigned> number_in(const std::string& word) {
    unsigned number = 0;
    const char* const end = word.data() + word.size();
    const auto parsed = std::from_chars(word.data(), end, number);
    const bool is_number = !word.empty() && parsed.ec == std::errc() && parsed.ptr == end;
    return is_number ? std::optional(number) : std::nullopt;
}

Result<std::string> spoilt_frames(VirtualStick& stick, Words words) {
    constexpr std::array kSpoilt = {Choice<FrameFault>{"truncated-jpeg", FrameFault::Truncated},
                                    Choice<FrameFault>{"damaged-jpeg", FrameFault::Damaged},
                                    Choice<FrameFault>{"empty-jpeg", FrameFault::Empty},
                                    Choice<FrameFault>{"wrong-size-jpeg", FrameFault::WrongSize},
                                    Choice<FrameFault>{"repeated-frame", FrameFault::Repeated}};
    const FrameFault fault = MINIKVM_TRY(choose(words, 1, kSpoilt));
    const std::string word = words.size() > 2 ? words[2] : "";
    std::optional<unsigned> count = number_in(word);
    if (!count) {
        const auto on = choose(words, 2, kOnOff);
        if (!on) {
            return wrong(word, "on off, or a number of frames");
        }
        count = *on ? FrameSpoiler::kAllFrames : 0;
    }
    stick.capture().frames().spoil(fault, *count);
    return std::string();
}

Result<std::string> slow_start(VirtualStick& stick, Words words) {
    const std::string word = words.size() > 2 ? words[2] : "";
    const auto delay_ms = number_in(word);
    if (!delay_ms) {
        return wrong(word, "a number of milliseconds");
    }
    stick.capture().set_slow_start(std::chrono::milliseconds(*delay_ms));
    return std::string();
}

Result<std::string> no_frames(VirtualStick& stick, Words words) {
    const bool on = MINIKVM_TRY(choose(words, 2, kOnOff));
    stick.capture().set_video_fault(on ? VideoFault::NoFrames : VideoFault::None);
    return std::string();
}

Result<std::string> stall(VirtualStick& stick, Words words) {
    constexpr std::array kCures = {Choice<VideoFault>{"none", VideoFault::None},
                                   Choice<VideoFault>{"restart", VideoFault::UntilRestart},
                                   Choice<VideoFault>{"reset", VideoFault::UntilReset}};
    stick.capture().set_video_fault(MINIKVM_TRY(choose(words, 2, kCures)));
    return std::string();
}

Result<std::string> ignore_switch(VirtualStick& stick, Words words) {
    using Wire = VirtualStick::SwitchWire;
    const bool on = MINIKVM_TRY(choose(words, 2, kOnOff));
    stick.set_switch_wire(on ? Wire::Broken : Wire::Connected);
    return std::string();
}

Result<std::string> registers(VirtualStick& stick, Words words) {
    struct Faults {
        RegisterFault requests = RegisterFault::None;
        ReadFault reads = ReadFault::None;
    };
    constexpr std::array kFaults = {
        Choice<Faults>{"none", {}},
        Choice<Faults>{"stall", {RegisterFault::Stall, ReadFault::None}},
        Choice<Faults>{"hang", {RegisterFault::Hang, ReadFault::None}},
        Choice<Faults>{"late", {RegisterFault::None, ReadFault::Late}},
        Choice<Faults>{"wrong-address", {RegisterFault::None, ReadFault::WrongAddress}},
        Choice<Faults>{"torn", {RegisterFault::None, ReadFault::Torn}}};
    const Faults faults = MINIKVM_TRY(choose(words, 2, kFaults));
    stick.capture().set_register_fault(faults.requests);
    stick.capture().registers().set_read_fault(faults.reads);
    return std::string();
}

Result<std::string> firmware(VirtualStick& stick, Words words) {
    stick.capture().registers().flash(
        MINIKVM_TRY(FirmwareVersion::parse(words.size() > 1 ? words[1] : "")));
    return std::string();
}

Result<std::string> trace(VirtualStick& stick, Words /*words*/) {
    if (stick.trace_path().empty()) {
        return std::string();
    }
    std::string text = MINIKVM_TRY(read_text_file(stick.trace_path()));
    return text.empty() ? text : text + '\n';
}

Result<std::string> help(VirtualStick& /*stick*/, Words /*words*/) {
    return stick_commands_help();
}

struct Command {
    std::string_view name;
    Result<std::string> (*run)(VirtualStick& stick, Words words);
};

constexpr std::array<Command, 12> kCommands = {{
    {"status", status},
    {"signal", signal},
    {"input", input},
    {"slide", slide},
    {"usb-a", usb_a},
    {"extension", extension},
    {"unplug", unplug},
    {"replug", replug},
    {"nonce", nonce},
    {"firmware", firmware},
    {"trace", trace},
    {"help", help},
}};

// The second word of `fault`; other faults are the serial half's.
constexpr std::array<Command, 10> kFaults = {{
    {"truncated-jpeg", spoilt_frames},
    {"damaged-jpeg", spoilt_frames},
    {"empty-jpeg", spoilt_frames},
    {"wrong-size-jpeg", spoilt_frames},
    {"repeated-frame", spoilt_frames},
    {"slow-start", slow_start},
    {"no-frames", no_frames},
    {"stall", stall},
    {"ignore-switch", ignore_switch},
    {"registers", registers},
}};

template <std::size_t kCount>
const Command* find(const std::array<Command, kCount>& commands, std::string_view name) {
    const auto found = std::find_if(commands.begin(), commands.end(),
                                    [name](const Command& c) { return c.name == name; });
    return found != commands.end() ? &*found : nullptr;
}

const Command* find_command(Words words) {
    if (words.empty()) {
        return nullptr;
    }
    if (words[0] == "fault" && words.size() > 1) {
        return find(kFaults, words[1]);
    }
    return find(kCommands, words[0]);
}

}  // namespace

std::string stick_commands_help() {
    return fmt::format("{}{}", kHelp, serial_commands_help());
}

Result<std::string> run_stick_command(VirtualStick& stick, Words words) {
    if (const Command* const command = find_command(words)) {
        return command->run(stick, words);
    }
    auto serial = run_serial_command(stick.input(), words);
    stick.update_power();
    if (!serial) {
        return make_error(std::make_error_code(std::errc::invalid_argument),
                          fmt::format("\"{}\" is no command; \"help\" lists them",
                                      words.empty() ? std::string() : words.front()));
    }
    if (!*serial) {
        return tl::unexpected<Error>(serial->error());
    }
    return **serial == "ok" ? std::string() : **serial + "\n";
}

Result<std::uint32_t> parse_nonce(const std::string& text) {
    constexpr std::size_t kMaxDigits = 8;
    std::uint32_t value = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value, 16);
    if (text.size() > kMaxDigits || parsed.ec != std::errc() || parsed.ptr != end) {
        return make_error(
            std::make_error_code(std::errc::invalid_argument),
            fmt::format("\"{}\" is not a nonce of one to eight hexadecimal digits", text));
    }
    return value;
}

}  // namespace minikvm::sim
