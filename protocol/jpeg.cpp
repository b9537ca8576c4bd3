// SPDX-License-Identifier: MIT
// What can be told of a JPEG picture without decoding it.

#include "protocol/jpeg.h"

#include <cstddef>

#include "protocol/bytes.h"

namespace minikvm {
namespace {

// Marker codes, the second of a marker's two bytes: ITU-T T.81 table B.1.
constexpr std::uint8_t kMarker = 0xFF;
constexpr std::uint8_t kStartOfFrame0 = 0xC0;  // baseline
constexpr std::uint8_t kStartOfFrame2 = 0xC2;  // progressive; C1 between them is extended
constexpr std::uint8_t kStartOfImage = 0xD8;
constexpr std::uint8_t kEndOfImage = 0xD9;
constexpr std::uint8_t kStartOfScan = 0xDA;
constexpr std::uint8_t kRestart0 = 0xD0;
constexpr std::uint8_t kTemporary = 0x01;

struct Segment {
    std::uint8_t code = 0;
    std::span<const std::uint8_t> content;  // without the two bytes of its length
};

// Markers that have no segment; none of them may stand before the scan.
bool stands_alone(std::uint8_t code) {
    return (code >= kRestart0 && code <= kEndOfImage) || code == kTemporary || code == 0;
}

// Takes the next segment off the front of `rest`; nothing when it is not whole.
std::optional<Segment> take_segment(std::span<const std::uint8_t>& rest) {
    constexpr std::size_t kLengthBytes = 2;
    if (rest.empty() || rest[0] != kMarker) {
        return std::nullopt;
    }
    std::size_t position = 0;
    while (position < rest.size() && rest[position] == kMarker) {
        ++position;  // any number of fill bytes may precede the code (B.1.1.2)
    }
    if (position + 1 + kLengthBytes > rest.size() || stands_alone(rest[position])) {
        return std::nullopt;
    }
    const std::uint8_t code = rest[position];
    const auto segment = rest.subspan(position + 1);
    const std::size_t length = read_big_endian_16(segment, 0);  // includes itself
    if (length < kLengthBytes || length > segment.size()) {
        return std::nullopt;
    }
    rest = segment.subspan(length);
    return Segment{code, segment.subspan(kLengthBytes, length - kLengthBytes)};
}

std::optional<JpegSize> size_in(const Segment& frame_header) {
    constexpr std::size_t kHeightOffset = 1;  // behind the precision
    constexpr std::size_t kWidthOffset = 3;
    constexpr std::size_t kLeastBytes = 6;  // and the number of components
    if (frame_header.content.size() < kLeastBytes) {
        return std::nullopt;
    }
    const JpegSize size = {read_big_endian_16(frame_header.content, kWidthOffset),
                           read_big_endian_16(frame_header.content, kHeightOffset)};
    // A height of 0 would be told behind the scan (DNL), which no camera does.
    return size.width_px > 0 && size.height_px > 0 ? std::optional(size) : std::nullopt;
}

struct Header {
    std::optional<JpegSize> size;
    std::optional<std::span<const std::uint8_t>> scan;  // what follows the header of the first scan
};

Header read_header(std::span<const std::uint8_t> bytes) {
    Header header;
    if (bytes.size() < 2 || bytes[0] != kMarker || bytes[1] != kStartOfImage) {
        return header;
    }
    auto rest = bytes.subspan(2);
    while (const std::optional<Segment> segment = take_segment(rest)) {
        if (segment->code >= kStartOfFrame0 && segment->code <= kStartOfFrame2) {
            header.size = size_in(*segment);
        }
        if (segment->code == kStartOfScan) {
            header.scan = rest;
            break;
        }
    }
    return header;
}

bool ends_with_end_of_image(std::span<const std::uint8_t> scan) {
    std::size_t size = scan.size();
    while (size > 0 && scan[size - 1] == 0) {
        --size;
    }
    return size >= 2 && scan[size - 2] == kMarker && scan[size - 1] == kEndOfImage;
}

}  // namespace

bool is_whole_jpeg(std::span<const std::uint8_t> bytes) {
    const Header header = read_header(bytes);
    return header.size && header.scan && ends_with_end_of_image(*header.scan);
}

std::optional<JpegSize> jpeg_size(std::span<const std::uint8_t> bytes) {
    return read_header(bytes).size;
}

}  // namespace minikvm
