// SPDX-License-Identifier: MIT
// Fields of the usbip packets: big-endian words, but for the setup bytes, which are USB's own.
// Source: Documentation/usb/usbip_protocol.rst of Linux.

#include "sim/usbip/packet.h"

namespace minikvm::sim {
namespace {

constexpr std::uint32_t kCommandSubmit = 1;
constexpr std::uint32_t kCommandUnlink = 2;
constexpr std::uint32_t kReplySubmit = 3;
constexpr std::uint32_t kReplyUnlink = 4;

// usbip_header_basic, then the fields of each command.
constexpr std::size_t kCommandAt = 0;
constexpr std::size_t kIdAt = 4;
constexpr std::size_t kDirectionAt = 12;
constexpr std::size_t kEndpointAt = 16;
constexpr std::size_t kBodyAt = 20;
constexpr std::size_t kLengthAt = 24;
constexpr std::size_t kPacketCountAt = 32;
constexpr std::size_t kSetupAt = 40;
constexpr std::size_t kReplyActualAt = 24;
constexpr std::size_t kReplyPacketCountAt = 32;
constexpr std::size_t kReplyErrorCountAt = 36;

// USBIP_MAX_ISO_PACKETS; the drivers of a stick ask for far less than a megabyte at once.
constexpr std::uint32_t kMaxPackets = 1024;
constexpr std::uint32_t kMaxTransferBytes = 1U << 20;

std::uint32_t word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) << 24 |
           static_cast<std::uint32_t>(bytes[at + 1]) << 16 |
           static_cast<std::uint32_t>(bytes[at + 2]) << 8 |
           static_cast<std::uint32_t>(bytes[at + 3]);
}

std::uint16_t usb_word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] | bytes[at + 1] << 8);
}

void put_word(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t word) {
    bytes[at] = static_cast<std::uint8_t>(word >> 24);
    bytes[at + 1] = static_cast<std::uint8_t>(word >> 16);
    bytes[at + 2] = static_cast<std::uint8_t>(word >> 8);
    bytes[at + 3] = static_cast<std::uint8_t>(word);
}

SetupPacket parse_setup(std::span<const std::uint8_t> bytes) {
    return {bytes[0], bytes[1], usb_word_at(bytes, 2), usb_word_at(bytes, 4),
            usb_word_at(bytes, 6)};
}

std::optional<UsbipCommand> parse_submit(std::span<const std::uint8_t> header) {
    const std::uint32_t endpoint = word_at(header, kEndpointAt);
    const std::uint32_t length_bytes = word_at(header, kLengthAt);
    const std::uint32_t packet_count = word_at(header, kPacketCountAt);
    // A transfer that is not isochronous has 0 there, or all ones, by the kernel's release.
    const bool isochronous = packet_count != 0 && packet_count != UINT32_MAX;
    if (endpoint > 15 || length_bytes > kMaxTransferBytes ||
        (isochronous && packet_count > kMaxPackets)) {
        return std::nullopt;
    }
    SubmitCommand command;
    command.id = word_at(header, kIdAt);
    command.endpoint = static_cast<std::uint8_t>(
        endpoint | (word_at(header, kDirectionAt) != 0 ? kEndpointIn : 0));
    command.length_bytes = length_bytes;
    command.packet_count = isochronous ? packet_count : 0;
    command.setup = parse_setup(header.subspan(kSetupAt));
    return command;
}

}  // namespace

std::optional<UsbipCommand> parse_command(std::span<const std::uint8_t, kUsbipHeaderBytes> header) {
    switch (word_at(header, kCommandAt)) {
        case kCommandSubmit:
            return parse_submit(header);
        case kCommandUnlink:
            return UnlinkCommand{word_at(header, kIdAt), word_at(header, kBodyAt)};
        default:
            return std::nullopt;
    }
}

std::vector<IsochronousPacket> parse_packets(std::span<const std::uint8_t> bytes) {
    std::vector<IsochronousPacket> packets;
    packets.reserve(bytes.size() / kUsbipPacketBytes);
    for (; bytes.size() >= kUsbipPacketBytes; bytes = bytes.subspan(kUsbipPacketBytes)) {
        packets.push_back({word_at(bytes, 0), word_at(bytes, 4), 0});
    }
    return packets;
}

UsbipHeader encode(const SubmitReply& reply) {
    UsbipHeader header{};
    put_word(header, kCommandAt, kReplySubmit);
    put_word(header, kIdAt, reply.id);
    put_word(header, kBodyAt, static_cast<std::uint32_t>(reply.status));
    put_word(header, kReplyActualAt, static_cast<std::uint32_t>(reply.actual_bytes));
    put_word(header, kReplyPacketCountAt, static_cast<std::uint32_t>(reply.packet_count));
    put_word(header, kReplyErrorCountAt, static_cast<std::uint32_t>(reply.failed_packets));
    return header;
}

UsbipHeader encode_unlink_reply(std::uint32_t id, int status) {
    UsbipHeader header{};
    put_word(header, kCommandAt, kReplyUnlink);
    put_word(header, kIdAt, id);
    put_word(header, kBodyAt, static_cast<std::uint32_t>(status));
    return header;
}

std::vector<std::uint8_t> encode_packets(std::span<const IsochronousPacket> packets, int status) {
    std::vector<std::uint8_t> bytes(packets.size() * kUsbipPacketBytes);
    std::span<std::uint8_t> rest(bytes);
    for (const IsochronousPacket& packet : packets) {
        put_word(rest, 0, packet.offset);
        put_word(rest, 4, packet.length_bytes);
        put_word(rest, 8, packet.actual_bytes);
        put_word(rest, 12, static_cast<std::uint32_t>(status));
        rest = rest.subspan(kUsbipPacketBytes);
    }
    return bytes;
}

}  // namespace minikvm::sim
