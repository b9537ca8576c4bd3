// SPDX-License-Identifier: MIT
// CH9329 commands: what each frame says.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/result.h"
#include "protocol/ch9329_frame.h"
#include "protocol/hid_report.h"
#include "protocol/switch_position.h"

namespace minikvm::ch9329 {

/// Source:  docs/hardware.md 5.3 (WCH CH9329 serial protocol V1.x, list of commands).
enum class Command : std::uint8_t {
    GetInformation = 0x01,  // CMD_GET_INFO
    Keyboard = 0x02,        // CMD_SEND_KB_GENERAL_DATA
    Media = 0x03,           // CMD_SEND_KB_MEDIA_DATA
    MouseAbsolute = 0x04,   // CMD_SEND_MS_ABS_DATA
    MouseRelative = 0x05,   // CMD_SEND_MS_REL_DATA
    GetParameters = 0x08,   // CMD_GET_PARA_CFG
    SetParameters = 0x09,   // CMD_SET_PARA_CFG
    GetUsbString = 0x0A,    // CMD_GET_USB_STRING
    SetDefault = 0x0C,      // CMD_SET_DEFAULT_CFG
    Reset = 0x0F,           // CMD_RESET
    UsbSwitch = 0x17,       // CH32V208 only, docs/hardware.md 4.4
};

/// What a chip says about a command; docs/hardware.md 5.2.
enum class Status : std::uint8_t {
    Done = 0x00,
    ByteTimeout = 0xE1,      // a gap inside the frame
    BadHead = 0xE2,          //
    UnknownCommand = 0xE3,   //
    BadSum = 0xE4,           //
    BadParameter = 0xE5,     //
    ExecutionFailed = 0xE6,  // the frame was good
};

enum class UsbString : std::uint8_t { Vendor = 0, Product = 1, Serial = 2 };

inline constexpr std::size_t kAcknowledgementBytes = kFrameOverheadBytes + 1;

/// What GET_INFO answers; docs/hardware.md 5.4.
struct Information {
    std::uint8_t version = 0;       // raw; version_text() reads it
    bool target_connected = false;  // the target has enumerated the chip
    hid::LockLeds leds{};

    /// "1.1" for 31 hex; "0x02" where the manual names no version.
    std::string version_text() const;
    bool operator==(const Information&) const = default;
};

/// Commands, addressed to any chip.
/// Limits:  a position beyond hid::kAbsoluteMax is a programming error. Nothing is allocated.
/// Thread:  any thread.
Frame get_information();
Frame keyboard(const hid::KeyboardReport& report);
Frame media(const hid::ConsumerReport& report);
Frame media(const hid::SystemReport& report);
Frame mouse_absolute(const hid::AbsoluteMouseReport& report);
Frame mouse_relative(const hid::RelativeMouseReport& report);
Frame get_parameters();
Frame get_usb_string(UsbString which);
Frame set_default();
Frame reset();
Frame usb_switch(SwitchPosition position);
Frame query_usb_switch();

/// Whether a frame is the chip's answer to a command, be it good or bad. Others came unasked or
/// late.
bool answers(const Frame& frame, Command command);

/// Answers. An error's context names the command, never what it carried.
/// Errors:  ProtocolError::Refused when the chip says it did not do it (the status is in the
///          context); ProtocolError::BadReply when the frame does not answer the command, or when
///          its payload is too short or cannot be true.
/// Thread:  any thread.
Result<void> parse_acknowledgement(const Frame& frame, Command command);
Result<Information> parse_information(const Frame& frame);
Result<std::string> parse_usb_string(const Frame& frame, UsbString which);

/// Where the port is now, which need not be where it was asked to go.
Result<SwitchPosition> parse_usb_switch(const Frame& frame);

/// The data of the answer to a command, unless it is an error or shorter than `least_bytes`.
Result<std::span<const std::uint8_t>> answer_data(const Frame& frame, Command command,
                                                  std::size_t least_bytes);

std::string_view command_name(Command command);

}  // namespace minikvm::ch9329
