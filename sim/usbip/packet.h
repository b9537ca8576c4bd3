// SPDX-License-Identifier: MIT
// The usbip protocol's packets, as vhci_hcd speaks them. No I/O.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "sim/usb_device.h"

namespace minikvm::sim {

inline constexpr std::size_t kUsbipHeaderBytes = 48;
inline constexpr std::size_t kUsbipPacketBytes = 16;  // an isochronous packet's description

/// USBIP_CMD_SUBMIT.
struct SubmitCommand {
    std::uint32_t id = 0;       // seqnum
    std::uint8_t endpoint = 0;  // with its direction bit
    std::size_t length_bytes = 0;
    std::size_t packet_count = 0;  // 0: not isochronous
    SetupPacket setup;

    /// What follows the header on the wire.
    std::size_t data_bytes() const { return (endpoint & kEndpointIn) != 0 ? 0 : length_bytes; }
    std::size_t body_bytes() const { return data_bytes() + packet_count * kUsbipPacketBytes; }
};

/// USBIP_CMD_UNLINK.
struct UnlinkCommand {
    std::uint32_t id = 0;
    std::uint32_t unlinked_id = 0;
};

using UsbipCommand = std::variant<SubmitCommand, UnlinkCommand>;

/// None: not a command, or one larger than any driver's.
std::optional<UsbipCommand> parse_command(std::span<const std::uint8_t, kUsbipHeaderBytes> header);

std::vector<IsochronousPacket> parse_packets(std::span<const std::uint8_t> bytes);

/// USBIP_RET_SUBMIT.
struct SubmitReply {
    std::uint32_t id = 0;
    int status = 0;  // 0 or a negative errno
    std::size_t actual_bytes = 0;
    std::size_t packet_count = 0;
    std::size_t failed_packets = 0;
};

using UsbipHeader = std::array<std::uint8_t, kUsbipHeaderBytes>;

UsbipHeader encode(const SubmitReply& reply);

/// USBIP_RET_UNLINK. Status: -ECONNRESET when the URB was still waiting, else 0.
UsbipHeader encode_unlink_reply(std::uint32_t id, int status);

/// The descriptions that end the reply to an isochronous URB; `status` is that of each packet.
std::vector<std::uint8_t> encode_packets(std::span<const IsochronousPacket> packets, int status);

}  // namespace minikvm::sim
