// SPDX-License-Identifier: MIT
// The chip's side of a CH9329 packet: bytes with their times in, packets out.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/serial/ch9329_options.h"
#include "sim/serial/uart_line.h"

namespace minikvm::sim {

// What an answer adds to the number of its command; hardware.md 5.2.
inline constexpr std::uint8_t kAnswerDone = 0x80;
inline constexpr std::uint8_t kAnswerError = 0xC0;

struct Packet {
    std::uint8_t address = 0;
    std::uint8_t command = 0;
    std::vector<std::uint8_t> payload;
};

/// A packet, or what was wrong with one: then without its payload.
struct Reception {
    Ch9329Status status = Ch9329Status::Done;
    Packet packet;
};

/// The bytes of a packet on the line.
std::vector<std::uint8_t> packet_bytes(std::uint8_t address, std::uint8_t command,
                                       std::span<const std::uint8_t> payload);

/// Shape:   receive() each byte that ends before deadline(); expire() at deadline().
/// Errors:  a Reception says BadChecksum, ByteTimeout (a gap inside a packet) or BadHeader (four
///          bytes or more before a gap, none of them a head).
/// Limits:  bytes before a head are dropped; so is a head with a length over 64.
/// Thread:  the thread that made it.
/// Source:  hardware.md 5.1 and 5.2. That the gap is measured from stop bit to start bit is ours:
///          end to end, 1200 Bd (8.3 ms a byte) would never work.
class PacketReceiver final {
public:
    explicit PacketReceiver(std::chrono::milliseconds packet_interval)
        : packet_interval_(packet_interval) {}

    /// The packet that this byte completes.
    std::optional<Reception> receive(const LineByte& byte);

    /// When the silence has become too long. One byte's time is added, since a byte that began in
    /// time is heard of only when it has ended.
    std::optional<TimePoint> deadline() const;
    std::optional<Reception> expire();

    void clear();

private:
    std::optional<Reception> whole_packet();
    void skip_to_head();

    std::chrono::milliseconds packet_interval_;
    std::vector<std::uint8_t> pending_;
    std::vector<std::uint8_t> skipped_;  // since the last gap, at most four
    std::optional<LineByte> last_;
};

}  // namespace minikvm::sim
