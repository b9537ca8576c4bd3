// SPDX-License-Identifier: MIT
// The packets of the input socket: bytes and values, for the daemon and for its clients.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "common/result.h"
#include "protocol/hid_report.h"

namespace minikvm {

inline constexpr std::uint8_t kInputVersion = 1;
inline constexpr std::size_t kMaxInputEvents = 64;  // the SYN_REPORT included
inline constexpr std::size_t kInputHeadBytes = 8;   // of a packet with events
inline constexpr std::size_t kInputEventBytes = 8;
inline constexpr std::size_t kMaxInputPacketBytes =
    kInputHeadBytes + kMaxInputEvents * kInputEventBytes;

/// Which of the target's two pointers a connection moves and clicks with.
enum class InputPointer : std::uint8_t { Relative = 0, Absolute = 1 };

/// What is known of the target.
enum class InputTarget : std::uint8_t {
    Unknown = 0,  // no stick, or its chip does not answer
    Absent = 1,   // the chip works, the target has not taken it
    Present = 2,
};

/// One event as linux/input-event-codes.h numbers them.
struct InputEvent {
    std::uint16_t type = 0;
    std::uint16_t code = 0;
    std::int32_t value = 0;

    bool operator==(const InputEvent&) const = default;
};

/// The first packet, from either side.
struct InputHello {
    std::uint8_t version = kInputVersion;
    InputPointer pointer = InputPointer::Relative;

    bool operator==(const InputHello&) const = default;
};
struct InputWelcome {
    std::uint8_t version = kInputVersion;
    std::uint16_t window = 0;  // packets that are taken in before the first is acknowledged

    bool operator==(const InputWelcome&) const = default;
};

/// What happens at once, with its SYN_REPORT.
struct InputReport {
    std::uint32_t sequence = 0;  // from 1, one more each time
    std::size_t count = 0;
    std::array<InputEvent, kMaxInputEvents> events{};

    std::span<const InputEvent> used() const { return std::span(events).first(count); }
};

/// What the daemon says when any of it has changed, and every second.
struct InputState {
    InputTarget target = InputTarget::Unknown;
    hid::LockLeds leds;
    std::uint32_t acknowledged = 0;      // all up to this packet is done with
    std::uint32_t unconfirmed = 0;       // packets of which something may be lost or doubled
    std::uint32_t last_unconfirmed = 0;  // the newest of them; 0 for none

    bool operator==(const InputState&) const = default;
};

/// The last packet of a connection that the daemon ends.
struct InputGoodbye {
    std::string reason;

    bool operator==(const InputGoodbye&) const = default;
};

using InputAnswer = std::variant<InputWelcome, InputState, InputGoodbye>;

/// A packet in its own storage.
class EncodedInputPacket final {
public:
    explicit EncodedInputPacket(std::size_t size) : size_(size) {}

    std::span<const std::uint8_t> bytes() const { return std::span(bytes_).first(size_); }
    std::span<std::uint8_t> bytes() { return std::span(bytes_).first(size_); }

private:
    std::array<std::uint8_t, kMaxInputPacketBytes> bytes_{};
    std::size_t size_;
};

/// Client to daemon. Units: numbers of several bytes are little-endian.
/// Errors:  ControlError::BadRequest; the context is the sentence for the client, and says what
///          would be right.
/// Thread:  any thread.
/// Source:  docs/input-socket.md.
EncodedInputPacket encode_input(const InputHello& hello);
/// `events` without the SYN_REPORT, which is added; at most kMaxInputEvents - 1.
EncodedInputPacket encode_input(std::uint32_t sequence, std::span<const InputEvent> events);
Result<InputHello> parse_input_hello(std::span<const std::uint8_t> packet);
Result<InputReport> parse_input_report(std::span<const std::uint8_t> packet, InputPointer pointer);

/// Daemon to client.
/// Errors:  ProtocolError::BadReply.
EncodedInputPacket encode_input(const InputWelcome& welcome);
EncodedInputPacket encode_input(const InputState& state);
/// What does not fit of a long reason is left out.
EncodedInputPacket encode_input(const InputGoodbye& goodbye);
Result<InputAnswer> parse_input_answer(std::span<const std::uint8_t> packet);

}  // namespace minikvm
