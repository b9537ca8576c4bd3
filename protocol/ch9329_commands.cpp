// SPDX-License-Identifier: MIT
// CH9329 commands.

#include "protocol/ch9329_commands.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <initializer_list>

#include "protocol/bytes.h"
#include "protocol/errors.h"

namespace minikvm::ch9329 {
namespace {

// An answer's command byte is the command's with these bits; docs/hardware.md 5.2.
constexpr std::uint8_t kAnswerBit = 0x80;
constexpr std::uint8_t kErrorBits = 0xC0;

constexpr std::size_t kInformationBytes = 8;

// Report numbers that open the payload of commands 03, 04 and 05; docs/hardware.md 5.3.
constexpr std::uint8_t kSystemReport = 0x01;
constexpr std::uint8_t kConsumerReport = 0x02;
constexpr std::uint8_t kAbsoluteReport = 0x02;
constexpr std::uint8_t kRelativeReport = 0x01;

// The last of command 17's five data bytes; docs/hardware.md 4.4.
constexpr std::uint8_t kSwitchToHost = 0x00;
constexpr std::uint8_t kSwitchToTarget = 0x01;
constexpr std::uint8_t kSwitchQuery = 0x03;

Frame command_frame(Command command, std::initializer_list<std::uint8_t> payload = {}) {
    assert(payload.size() <= kMaxCommandPayloadBytes);
    Frame frame;
    frame.command = static_cast<std::uint8_t>(command);
    frame.payload_size = static_cast<std::uint8_t>(payload.size());
    std::ranges::copy(payload, frame.payload.begin());
    return frame;
}

std::uint8_t answer_to(Command command) {
    return static_cast<std::uint8_t>(static_cast<std::uint8_t>(command) | kAnswerBit);
}

std::uint8_t error_of(Command command) {
    return static_cast<std::uint8_t>(static_cast<std::uint8_t>(command) | kErrorBits);
}

std::string hexadecimal(std::uint8_t value) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    return {'0', 'x', kDigits[value >> 4U], kDigits[value & 0x0FU]};
}

std::string status_text(std::uint8_t status) {
    switch (static_cast<Status>(status)) {
        case Status::Done:
            return "done";
        case Status::ByteTimeout:
            return "gap inside the frame";
        case Status::BadHead:
            return "bad head";
        case Status::UnknownCommand:
            return "unknown command";
        case Status::BadSum:
            return "bad sum";
        case Status::BadParameter:
            return "bad parameter";
        case Status::ExecutionFailed:
            return "could not be carried out";
    }
    return "status " + hexadecimal(status);
}

tl::unexpected<Error> answer_error(ProtocolError error, Command command, std::string_view why) {
    return make_error(error, std::string(command_name(command)).append(": ").append(why));
}

}  // namespace

std::string Information::version_text() const {
    // The manual has 30 for V1.0 and 31 for V1.1: the low digit of 1.x.
    if (version >= 0x30 && version <= 0x39) {
        return {'1', '.', static_cast<char>(version)};
    }
    return hexadecimal(version);
}

Frame get_information() {
    return command_frame(Command::GetInformation);
}

Frame keyboard(const hid::KeyboardReport& report) {
    Frame frame = command_frame(Command::Keyboard, {report.modifiers, 0x00, 0, 0, 0, 0, 0, 0});
    std::ranges::transform(report.keys, frame.payload.begin() + 2,
                           [](hid::HidUsage usage) { return static_cast<std::uint8_t>(usage); });
    return frame;
}

Frame media(const hid::ConsumerReport& report) {
    return command_frame(Command::Media,
                         {kConsumerReport, report.bits[0], report.bits[1], report.bits[2]});
}

Frame media(const hid::SystemReport& report) {
    return command_frame(Command::Media, {kSystemReport, report.bits});
}

Frame mouse_absolute(const hid::AbsoluteMouseReport& report) {
    assert(report.x <= hid::kAbsoluteMax && report.y <= hid::kAbsoluteMax);
    return command_frame(
        Command::MouseAbsolute,
        {kAbsoluteReport, report.buttons, low_byte(report.x), high_byte(report.x),
         low_byte(report.y), high_byte(report.y), static_cast<std::uint8_t>(report.wheel)});
}

Frame mouse_relative(const hid::RelativeMouseReport& report) {
    return command_frame(
        Command::MouseRelative,
        {kRelativeReport, report.buttons, static_cast<std::uint8_t>(report.dx),
         static_cast<std::uint8_t>(report.dy), static_cast<std::uint8_t>(report.wheel)});
}

Frame get_parameters() {
    return command_frame(Command::GetParameters);
}

Frame get_usb_string(UsbString which) {
    return command_frame(Command::GetUsbString, {static_cast<std::uint8_t>(which)});
}

Frame set_default() {
    return command_frame(Command::SetDefault);
}

Frame reset() {
    return command_frame(Command::Reset);
}

Frame usb_switch(SwitchPosition position) {
    return command_frame(
        Command::UsbSwitch,
        {0, 0, 0, 0, position == SwitchPosition::Target ? kSwitchToTarget : kSwitchToHost});
}

Frame query_usb_switch() {
    return command_frame(Command::UsbSwitch, {0, 0, 0, 0, kSwitchQuery});
}

bool answers(const Frame& frame, Command command) {
    return frame.command == answer_to(command) || frame.command == error_of(command);
}

Result<std::span<const std::uint8_t>> answer_data(const Frame& frame, Command command,
                                                  std::size_t least_bytes) {
    if (frame.command == error_of(command)) {
        return answer_error(ProtocolError::Refused, command,
                            frame.payload_size > 0 ? status_text(frame.payload[0]) : "no status");
    }
    if (frame.command != answer_to(command)) {
        return answer_error(ProtocolError::BadReply, command, "another command's answer");
    }
    if (frame.payload_size < least_bytes) {
        return answer_error(ProtocolError::BadReply, command, "short answer");
    }
    return frame.data();
}

Result<void> parse_acknowledgement(const Frame& frame, Command command) {
    const auto data = MINIKVM_TRY(answer_data(frame, command, 1));
    if (data[0] != static_cast<std::uint8_t>(Status::Done)) {
        return answer_error(ProtocolError::Refused, command, status_text(data[0]));
    }
    return {};
}

Result<Information> parse_information(const Frame& frame) {
    const auto data = MINIKVM_TRY(answer_data(frame, Command::GetInformation, kInformationBytes));
    Information information;
    information.version = data[0];
    information.target_connected = data[1] != 0;
    information.leds = {.num = (data[2] & 0x01U) != 0,
                        .caps = (data[2] & 0x02U) != 0,
                        .scroll = (data[2] & 0x04U) != 0};
    return information;
}

Result<std::string> parse_usb_string(const Frame& frame, UsbString which) {
    constexpr std::size_t kHeaderBytes = 2;  // which, length
    const auto data = MINIKVM_TRY(answer_data(frame, Command::GetUsbString, kHeaderBytes));
    if (data[0] != static_cast<std::uint8_t>(which)) {
        return answer_error(ProtocolError::BadReply, Command::GetUsbString, "another string");
    }
    const auto characters = data.subspan(kHeaderBytes);
    if (data[1] > characters.size()) {
        return answer_error(ProtocolError::BadReply, Command::GetUsbString, "short answer");
    }
    return std::string(characters.begin(), characters.begin() + data[1]);
}

Result<SwitchPosition> parse_usb_switch(const Frame& frame) {
    const auto data = MINIKVM_TRY(answer_data(frame, Command::UsbSwitch, 1));
    if (data[0] != kSwitchToHost && data[0] != kSwitchToTarget) {
        return answer_error(ProtocolError::BadReply, Command::UsbSwitch, "no such position");
    }
    return data[0] == kSwitchToTarget ? SwitchPosition::Target : SwitchPosition::Host;
}

std::string_view command_name(Command command) {
    switch (command) {
        case Command::GetInformation:
            return "CH9329 information";
        case Command::Keyboard:
            return "CH9329 keyboard report";
        case Command::Media:
            return "CH9329 media report";
        case Command::MouseAbsolute:
            return "CH9329 absolute mouse report";
        case Command::MouseRelative:
            return "CH9329 relative mouse report";
        case Command::GetParameters:
            return "CH9329 parameters";
        case Command::SetParameters:
            return "CH9329 new parameters";
        case Command::GetUsbString:
            return "CH9329 USB string";
        case Command::SetDefault:
            return "CH9329 factory parameters";
        case Command::Reset:
            return "CH9329 reset";
        case Command::UsbSwitch:
            return "CH32V208 switch";
    }
    return "CH9329";
}

}  // namespace minikvm::ch9329
