// SPDX-License-Identifier: MIT
// The usbip packets, and vhci_hcd's status file.

#include <array>
#include <cerrno>
#include <initializer_list>

#include <gtest/gtest.h>

#include "sim/usbip/packet.h"
#include "sim/usbip/vhci.h"

namespace minikvm::sim {
namespace {

using Header = std::array<std::uint8_t, kUsbipHeaderBytes>;

// Twelve words of the header, most significant byte first.
Header header_of(std::initializer_list<std::uint32_t> words) {
    Header header{};
    std::size_t at = 0;
    for (const std::uint32_t word : words) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            header.at(at++) = static_cast<std::uint8_t>(word >> shift);
        }
    }
    return header;
}

std::uint32_t word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) << 24 |
           static_cast<std::uint32_t>(bytes[at + 1]) << 16 |
           static_cast<std::uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
}

// GET_DESCRIPTOR device, as the kernel's own documentation shows it in usbip_protocol.rst.
const Header kGetDescriptor =
    header_of({1, 0x00000D05, 0x0001000F, 1, 0, 0x200, 0x40, 0, 0, 0, 0x80060001, 0x00004000});

TEST(UsbipPackets, ReadAControlRequest) {
    const auto command = std::get<SubmitCommand>(parse_command(kGetDescriptor).value());

    EXPECT_EQ(command.id, 0xD05U);
    EXPECT_EQ(command.endpoint, 0x80);
    EXPECT_EQ(command.length_bytes, 0x40U);
    EXPECT_EQ(command.setup.request, 6);
    EXPECT_EQ(command.setup.value, 0x0100);
    EXPECT_EQ(command.setup.length, 0x40);
}

TEST(UsbipPackets, KnowHowLongAnOutTransferIs) {
    const auto command = std::get<SubmitCommand>(
        parse_command(header_of({1, 7, 0, 0, 2, 0, 14, 0, 0xFFFFFFFF, 0, 0, 0})).value());

    EXPECT_EQ(command.endpoint, 2);
    EXPECT_EQ(command.body_bytes(), 14U);
}

TEST(UsbipPackets, ExpectTheDescriptionsOfIsochronousPackets) {
    const auto command = std::get<SubmitCommand>(
        parse_command(header_of({1, 7, 0, 1, 3, 0, 0x18000, 0, 32, 1, 0, 0})).value());

    EXPECT_EQ(command.packet_count, 32U);
    EXPECT_EQ(command.body_bytes(), 32 * kUsbipPacketBytes);
}

TEST(UsbipPackets, ReadAnUnlink) {
    const auto command = std::get<UnlinkCommand>(
        parse_command(header_of({2, 9, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0})).value());

    EXPECT_EQ(command.id, 9U);
    EXPECT_EQ(command.unlinked_id, 7U);
}

TEST(UsbipPackets, RefuseAnUnknownCommand) {
    EXPECT_FALSE(parse_command(header_of({5, 9, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0})));
}

TEST(UsbipPackets, RefuseATransferOfGigabytes) {
    EXPECT_FALSE(parse_command(header_of({1, 7, 0, 0, 2, 0, 0x7FFFFFFF, 0, 0, 0, 0, 0})));
}

TEST(UsbipPackets, RefuseMorePacketsThanTheKernelAllows) {
    EXPECT_FALSE(parse_command(header_of({1, 7, 0, 1, 3, 0, 0x1000, 0, 1025, 0, 0, 0})));
}

TEST(UsbipPackets, WriteAReply) {
    const UsbipHeader header = encode(SubmitReply{7, -EPIPE, 3, 0, 0});

    EXPECT_EQ(word_at(header, 0), 3U);
    EXPECT_EQ(word_at(header, 4), 7U);
    EXPECT_EQ(word_at(header, 20), static_cast<std::uint32_t>(-EPIPE));
    EXPECT_EQ(word_at(header, 24), 3U);
}

TEST(UsbipPackets, GiveEachPacketItsPlaceBack) {
    const std::vector<IsochronousPacket> packets = {{0x0C00, 0x0C00, 14}};

    const auto bytes = encode_packets(packets, -EPROTO);

    EXPECT_EQ(word_at(bytes, 0), 0x0C00U);
    EXPECT_EQ(word_at(bytes, 8), 14U);
    EXPECT_EQ(word_at(bytes, 12), static_cast<std::uint32_t>(-EPROTO));
    EXPECT_EQ(parse_packets(bytes).size(), 1U);
}

TEST(VhciStatus, ListsTheHighSpeedPorts) {
    const auto ports = parse_vhci_status(
        "hub port sta spd dev      sockfd local_busid\n"
        "hs  0030 004 000 00000000 000000 0-0\n"
        "hs  0031 006 003 00010002 000005 5-2\n"
        "ss  0045 004 000 00000000 000000 0-0\n");

    ASSERT_EQ(ports.size(), 2U);
    EXPECT_EQ(ports[0].number, 30U);
    EXPECT_EQ(ports[0].state, VhciPortState::Free);
    EXPECT_EQ(ports[1].state, VhciPortState::Used);
}

}  // namespace
}  // namespace minikvm::sim
