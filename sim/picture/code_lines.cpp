// SPDX-License-Identifier: MIT
// Cells from numbers, numbers from cells.

#include "sim/picture/code_lines.h"

#include <algorithm>

namespace minikvm::sim {
namespace {

// A line: a white cell, black black black white, 64 cells of payload, 16 of checksum, white black,
// a white cell.
constexpr std::array<bool, 5> kBegin = {false, true, true, true, false};
constexpr std::array<bool, 3> kEnd = {false, true, false};
constexpr std::size_t kLineBytes = 8;
constexpr std::size_t kCodedBytes = kLineBytes + 2;  // with the checksum
static_assert(kBegin.size() + 8 * kCodedBytes + kEnd.size() == kCellsPerLine);

// Which line it is does not stand in it; it is the first byte of what the checksum is made of.
constexpr std::uint8_t kRunLine = 1;
constexpr std::uint8_t kTimeLine = 2;

constexpr std::uint32_t kFrameLowMask = 0xFFFF;
constexpr unsigned kTimeBits = 48;
constexpr std::uint64_t kTimeMask = (std::uint64_t{1} << kTimeBits) - 1;

std::uint16_t line_checksum(std::uint8_t line, std::uint64_t payload) {
    std::array<std::uint8_t, 1 + kLineBytes> bytes{line};
    for (std::size_t i = 0; i < kLineBytes; ++i) {
        bytes.at(1 + i) = static_cast<std::uint8_t>(payload >> (8 * (kLineBytes - 1 - i)));
    }
    return crc16(bytes);
}

CodeLine encode_line(std::uint8_t line, std::uint64_t payload) {
    CodeLine cells;
    std::size_t cell = 0;
    const auto put = [&](bool black) { cells.set(cell++, black); };
    const auto put_bits = [&](std::uint64_t value, unsigned bits) {
        for (unsigned bit = bits; bit-- > 0;) {
            put((value >> bit & 1) != 0);
        }
    };
    std::for_each(kBegin.begin(), kBegin.end(), put);
    put_bits(payload, 8 * kLineBytes);
    put_bits(line_checksum(line, payload), 16);
    std::for_each(kEnd.begin(), kEnd.end(), put);
    return cells;
}

std::optional<std::uint64_t> decode_line(std::uint8_t line, const CodeLine& cells) {
    std::uint64_t payload = 0;
    std::uint64_t checksum = 0;
    std::size_t cell = kBegin.size();
    for (std::size_t i = 0; i < 8 * kLineBytes; ++i) {
        payload = payload << 1 | std::uint64_t{cells[cell++]};
    }
    for (std::size_t i = 0; i < 16; ++i) {
        checksum = checksum << 1 | std::uint64_t{cells[cell++]};
    }
    return cells == encode_line(line, payload) && checksum == line_checksum(line, payload)
               ? std::optional(payload)
               : std::nullopt;
}

}  // namespace

std::array<CodeLine, 2> encode_lines(const FrameStamp& stamp) {
    return {encode_line(kRunLine, std::uint64_t{stamp.nonce} << 32 | stamp.frame),
            encode_line(kTimeLine, std::uint64_t{stamp.frame & kFrameLowMask} << kTimeBits |
                                       (stamp.time_us & kTimeMask))};
}

std::optional<FrameStamp> decode_lines(const CodeLine& run, const CodeLine& time) {
    const auto run_payload = decode_line(kRunLine, run);
    const auto time_payload = decode_line(kTimeLine, time);
    if (!run_payload || !time_payload ||
        *time_payload >> kTimeBits != (*run_payload & kFrameLowMask)) {
        return std::nullopt;
    }
    return FrameStamp{static_cast<std::uint32_t>(*run_payload >> 32),
                      static_cast<std::uint32_t>(*run_payload), *time_payload & kTimeMask};
}

std::uint16_t crc16(std::span<const std::uint8_t> bytes) {
    constexpr std::uint16_t kPolynomial = 0x1021;
    std::uint16_t crc = 0xFFFF;
    for (const std::uint8_t byte : bytes) {
        crc = static_cast<std::uint16_t>(crc ^ byte << 8);
        for (int bit = 0; bit < 8; ++bit) {
            const bool carry = (crc & 0x8000U) != 0;
            crc = static_cast<std::uint16_t>(crc << 1 ^ (carry ? kPolynomial : 0));
        }
    }
    return crc;
}

}  // namespace minikvm::sim
