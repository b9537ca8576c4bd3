// SPDX-License-Identifier: MIT
// The packets of the input socket.

#include "protocol/input_packet.h"

#include <linux/input-event-codes.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <optional>
#include <utility>

#include "protocol/bytes.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

// The first byte of each packet, readable in a hex dump.
constexpr std::uint8_t kHello = 'H';
constexpr std::uint8_t kEvents = 'E';
constexpr std::uint8_t kState = 'S';
constexpr std::uint8_t kGoodbye = 'X';

constexpr std::size_t kHelloBytes = 4;
constexpr std::size_t kStateBytes = 16;
constexpr std::size_t kGoodbyeHeadBytes = 4;

// Longer than any screen, and short enough to add up without overflow.
constexpr std::int32_t kLongestMotion = std::numeric_limits<std::int16_t>::max();

constexpr std::uint8_t kNumLight = 1;
constexpr std::uint8_t kCapsLight = 2;
constexpr std::uint8_t kScrollLight = 4;

using Bytes = std::span<const std::uint8_t>;

tl::unexpected<Error> bad_packet(std::string sentence) {
    return make_error(ControlError::BadRequest, std::move(sentence));
}

tl::unexpected<Error> bad_reply(std::string what) {
    return make_error(ProtocolError::BadReply, std::move(what));
}

InputEvent event_at(Bytes packet, std::size_t offset) {
    return {read_little_endian_16(packet, offset), read_little_endian_16(packet, offset + 2),
            static_cast<std::int32_t>(read_little_endian_32(packet, offset + 4))};
}

void write_event(std::span<std::uint8_t> packet, std::size_t offset, const InputEvent& event) {
    write_little_endian_16(packet, offset, event.type);
    write_little_endian_16(packet, offset + 2, event.code);
    write_little_endian_32(packet, offset + 4, static_cast<std::uint32_t>(event.value));
}

bool is_report_end(const InputEvent& event) {
    return event.type == EV_SYN && event.code == SYN_REPORT;
}

bool is_axis(const InputEvent& event) {
    return event.code == ABS_X || event.code == ABS_Y;
}

// What would be right instead of this event; nothing when it is.
std::optional<std::string> fault_of(const InputEvent& event, InputPointer pointer) {
    switch (event.type) {
        case EV_KEY:
            if (event.code >= KEY_CNT || event.value < 0 || event.value > 2) {
                return "a key event has a code up to " + std::to_string(KEY_MAX) +
                       " and the value 0 (up), 1 (down) or 2 (repeat)";
            }
            return std::nullopt;
        case EV_REL:
            if (pointer != InputPointer::Relative && (event.code == REL_X || event.code == REL_Y)) {
                return "this connection's hello chose the absolute pointer, which REL_X and REL_Y "
                       "do not move";
            }
            if (event.value < -kLongestMotion || event.value > kLongestMotion) {
                return "a relative value is within -" + std::to_string(kLongestMotion) + ".." +
                       std::to_string(kLongestMotion);
            }
            return std::nullopt;
        case EV_ABS:
            if (pointer != InputPointer::Absolute) {
                return "this connection's hello chose the relative pointer, which ABS events do "
                       "not move";
            }
            if (!is_axis(event) || event.value < 0 || event.value > hid::kAbsoluteMax) {
                return "an absolute event is ABS_X or ABS_Y within 0.." +
                       std::to_string(hid::kAbsoluteMax);
            }
            return std::nullopt;
        default:
            return "events have the type EV_KEY, EV_REL or EV_ABS, and one SYN_REPORT stands last";
    }
}

std::string at_event(std::size_t index, const InputEvent& event, const std::string& right) {
    // Never the code or the value: a reason may be logged, and this may be a password.
    return "event " + std::to_string(index) + ", of type " + std::to_string(event.type) + ": " +
           right;
}

std::uint8_t leds_byte(const hid::LockLeds& leds) {
    return static_cast<std::uint8_t>((leds.num ? kNumLight : 0) | (leds.caps ? kCapsLight : 0) |
                                     (leds.scroll ? kScrollLight : 0));
}

}  // namespace

EncodedInputPacket encode_input(const InputHello& hello) {
    EncodedInputPacket packet(kHelloBytes);
    packet.bytes()[0] = kHello;
    packet.bytes()[1] = hello.version;
    packet.bytes()[2] = static_cast<std::uint8_t>(hello.pointer);
    return packet;
}

EncodedInputPacket encode_input(std::uint32_t sequence, std::span<const InputEvent> events) {
    assert(events.size() < kMaxInputEvents);
    EncodedInputPacket packet(kInputHeadBytes + (events.size() + 1) * kInputEventBytes);
    packet.bytes()[0] = kEvents;
    write_little_endian_32(packet.bytes(), 4, sequence);
    std::size_t offset = kInputHeadBytes;
    for (const InputEvent& event : events) {
        write_event(packet.bytes(), offset, event);
        offset += kInputEventBytes;
    }
    write_event(packet.bytes(), offset, InputEvent{EV_SYN, SYN_REPORT, 0});
    return packet;
}

Result<InputHello> parse_input_hello(Bytes packet) {
    if (packet.size() != kHelloBytes || packet[0] != kHello) {
        return bad_packet(
            "the first packet is a hello of 4 bytes: 'H', the version, the pointer (0 relative, 1 "
            "absolute), 0");
    }
    if (packet[1] != kInputVersion) {
        return bad_packet("this daemon speaks version " + std::to_string(kInputVersion) +
                          " of the input socket, not " + std::to_string(packet[1]));
    }
    if (packet[2] > static_cast<std::uint8_t>(InputPointer::Absolute) || packet[3] != 0) {
        return bad_packet("a hello ends with the pointer, 0 or 1, and a byte that is 0");
    }
    return InputHello{packet[1], static_cast<InputPointer>(packet[2])};
}

Result<InputReport> parse_input_report(Bytes packet, InputPointer pointer) {
    if (packet.empty() || packet[0] != kEvents) {
        return bad_packet("after the hello each packet begins with 'E'");
    }
    if (packet.size() <= kInputHeadBytes || packet.size() > kMaxInputPacketBytes ||
        (packet.size() - kInputHeadBytes) % kInputEventBytes != 0) {
        return bad_packet(
            "a packet is 8 bytes and then 8 more for each event, of which there are "
            "1.." +
            std::to_string(kMaxInputEvents) + "; this one has " + std::to_string(packet.size()) +
            " bytes");
    }
    if (packet[1] != 0 || packet[2] != 0 || packet[3] != 0) {
        return bad_packet("the three bytes behind the 'E' are 0");
    }
    InputReport report;
    report.sequence = read_little_endian_32(packet, 4);
    report.count = (packet.size() - kInputHeadBytes) / kInputEventBytes;
    for (std::size_t index = 0; index < report.count; ++index) {
        const InputEvent event = event_at(packet, kInputHeadBytes + index * kInputEventBytes);
        report.events[index] = event;
        if (is_report_end(event) && index + 1 == report.count) {
            return report;
        }
        if (const auto right = fault_of(event, pointer)) {
            return bad_packet(at_event(index, event, *right));
        }
    }
    return bad_packet("the last event of a packet is SYN_REPORT");
}

EncodedInputPacket encode_input(const InputWelcome& welcome) {
    EncodedInputPacket packet(kHelloBytes);
    packet.bytes()[0] = kHello;
    packet.bytes()[1] = welcome.version;
    write_little_endian_16(packet.bytes(), 2, welcome.window);
    return packet;
}

EncodedInputPacket encode_input(const InputState& state) {
    EncodedInputPacket packet(kStateBytes);
    packet.bytes()[0] = kState;
    packet.bytes()[1] = static_cast<std::uint8_t>(state.target);
    packet.bytes()[2] = leds_byte(state.leds);
    write_little_endian_32(packet.bytes(), 4, state.acknowledged);
    write_little_endian_32(packet.bytes(), 8, state.unconfirmed);
    write_little_endian_32(packet.bytes(), 12, state.last_unconfirmed);
    return packet;
}

EncodedInputPacket encode_input(const InputGoodbye& goodbye) {
    const std::size_t room = kMaxInputPacketBytes - kGoodbyeHeadBytes;
    const std::string_view reason = std::string_view(goodbye.reason).substr(0, room);
    EncodedInputPacket packet(kGoodbyeHeadBytes + reason.size());
    packet.bytes()[0] = kGoodbye;
    std::ranges::copy(reason, packet.bytes().subspan(kGoodbyeHeadBytes).begin());
    return packet;
}

Result<InputAnswer> parse_input_answer(Bytes packet) {
    if (packet.size() == kHelloBytes && packet[0] == kHello) {
        return InputWelcome{packet[1], read_little_endian_16(packet, 2)};
    }
    if (packet.size() == kStateBytes && packet[0] == kState) {
        if (packet[1] > static_cast<std::uint8_t>(InputTarget::Present)) {
            return bad_reply("the input socket tells of a target's state that there is not");
        }
        return InputState{.target = static_cast<InputTarget>(packet[1]),
                          .leds = {.num = (packet[2] & kNumLight) != 0,
                                   .caps = (packet[2] & kCapsLight) != 0,
                                   .scroll = (packet[2] & kScrollLight) != 0},
                          .acknowledged = read_little_endian_32(packet, 4),
                          .unconfirmed = read_little_endian_32(packet, 8),
                          .last_unconfirmed = read_little_endian_32(packet, 12)};
    }
    if (packet.size() >= kGoodbyeHeadBytes && packet[0] == kGoodbye) {
        const Bytes reason = packet.subspan(kGoodbyeHeadBytes);
        return InputGoodbye{std::string(reason.begin(), reason.end())};
    }
    return bad_reply("the input socket says what no daemon of version " +
                     std::to_string(kInputVersion) + " says");
}

}  // namespace minikvm
