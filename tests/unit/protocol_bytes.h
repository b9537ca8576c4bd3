// SPDX-License-Identifier: MIT
// Bytes in tests, written as the manuals write them.

#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "protocol/ch9329_frame.h"

namespace minikvm {

using Bytes = std::vector<std::uint8_t>;

/// hex("57 AB 00") is three bytes; spaces and line ends do not count.
inline Bytes hex(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    Bytes bytes;
    bool high = true;
    for (const char character : text) {
        const auto digit = kDigits.find(character);
        if (digit == std::string_view::npos) {
            assert(character == ' ' || character == '\n');
            continue;
        }
        if (high) {
            bytes.push_back(static_cast<std::uint8_t>(digit << 4U));
        } else {
            bytes.back() = static_cast<std::uint8_t>(bytes.back() | digit);
        }
        high = !high;
    }
    return bytes;
}

inline Bytes operator+(const Bytes& left, const Bytes& right) {
    Bytes both = left;
    both.insert(both.end(), right.begin(), right.end());
    return both;
}

inline Bytes zeros(std::size_t count) {
    return Bytes(count, 0x00);
}

inline Bytes copy_of(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

/// What goes onto the wire.
inline Bytes wire(const ch9329::Frame& frame) {
    return copy_of(ch9329::encode(frame).bytes());
}

/// The frames that a parser finds in `bytes`, also behind heads that nothing follows.
inline std::vector<ch9329::Frame> frames_in(const Bytes& bytes) {
    ch9329::FrameParser parser;
    parser.push(bytes);
    std::vector<ch9329::Frame> frames;
    do {
        while (const auto frame = parser.next()) {
            frames.push_back(*frame);
        }
        parser.drop_partial();
    } while (parser.holds_partial());
    return frames;
}

/// The first of them, which must be there.
inline ch9329::Frame frame_in(std::string_view text) {
    return frames_in(hex(text)).at(0);
}

}  // namespace minikvm
