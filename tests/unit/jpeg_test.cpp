// SPDX-License-Identifier: MIT
// The JPEG check: which pictures are whole, and how large they say they are.

#include "protocol/jpeg.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/unit/protocol_bytes.h"

namespace minikvm {
namespace {

// A picture of one 8x8 block, segment by segment (ITU-T T.81 annex B).
const Bytes kStart = hex("FF D8");
const Bytes kApplication = hex("FF E0 00 10 4A 46 49 46 00 01 01 00 00 01 00 01 00 00");
const Bytes kQuantisation = hex("FF DB 00 43 00") + Bytes(64, 0x01);
const Bytes kFrame1920x1080 =
    hex("FF C0 00 11 08 04 38 07 80 03 01 21 00 02 11 01 03 11 01");  // 4:2:2
const Bytes kHuffman = hex("FF C4 00 14 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
const Bytes kScanHeader = hex("FF DA 00 0C 03 01 00 02 11 03 11 00 3F 00");
const Bytes kScan = hex("12 34 FF 00 56 FF D0 78 9A 00");  // with a stuffed byte, with a restart
const Bytes kEnd = hex("FF D9");

const Bytes kPicture =
    kStart + kApplication + kQuantisation + kFrame1920x1080 + kHuffman + kScanHeader + kScan + kEnd;

// A start of frame with another marker, size or both.
Bytes frame_header(std::uint8_t code, std::string_view height_width) {
    Bytes header = kFrame1920x1080;
    const Bytes size = hex(height_width);
    header[1] = code;
    std::copy(size.begin(), size.end(), header.begin() + 5);
    return header;
}

Bytes picture_with(const Bytes& header) {
    return kStart + header + kScanHeader + kScan + kEnd;
}

Bytes first(const Bytes& bytes, std::size_t size) {
    return {bytes.begin(), bytes.begin() + static_cast<long>(size)};
}

TEST(Jpeg, IsWholeFromStartToEnd) {
    EXPECT_TRUE(is_whole_jpeg(kPicture));
}

TEST(Jpeg, IsWholeWithZerosBehindItsEnd) {
    EXPECT_TRUE(is_whole_jpeg(kPicture + zeros(1)));
    EXPECT_TRUE(is_whole_jpeg(kPicture + zeros(4096)));
}

TEST(Jpeg, IsWholeWithoutHuffmanTables) {
    EXPECT_TRUE(is_whole_jpeg(picture_with(kFrame1920x1080)));
}

TEST(Jpeg, IsWholeWithFillBytesBeforeAMarker) {
    EXPECT_TRUE(is_whole_jpeg(kStart + hex("FF FF FF") + kFrame1920x1080 + kScanHeader + kEnd));
}

TEST(Jpeg, TellsItsSize) {
    EXPECT_EQ(jpeg_size(kPicture), (JpegSize{1920, 1080}));
}

TEST(Jpeg, TellsItsSizeInEachKindOfFrame) {
    for (const std::uint8_t code : hex("C0 C1 C2")) {
        EXPECT_EQ(jpeg_size(picture_with(frame_header(code, "01 E0 02 80"))), (JpegSize{640, 480}))
            << int{code};
    }
}

TEST(Jpeg, TellsTheLargestSize) {
    EXPECT_EQ(jpeg_size(picture_with(frame_header(0xC0, "FF FF FF FF"))), (JpegSize{65535, 65535}));
}

TEST(Jpeg, TellsItsSizeThoughItsScanIsMissing) {
    EXPECT_EQ(jpeg_size(kStart + kFrame1920x1080), (JpegSize{1920, 1080}));
}

// Every way this input can be wrong.

TEST(Jpeg, IsNotWholeWhereverItIsCut) {
    for (std::size_t size = 0; size < kPicture.size(); ++size) {
        EXPECT_FALSE(is_whole_jpeg(first(kPicture, size))) << size;
    }
}

TEST(Jpeg, IsNotWholeWhereverItIsCutWithZerosBehind) {
    for (std::size_t size = 0; size < kPicture.size(); ++size) {
        EXPECT_FALSE(is_whole_jpeg(first(kPicture, size) + zeros(64))) << size;
    }
}

TEST(Jpeg, HasNoSizeBeforeItsFrameHeaderIsWhole) {
    const Bytes header = kStart + kApplication + kQuantisation + kFrame1920x1080;
    for (std::size_t size = 0; size < header.size(); ++size) {
        EXPECT_EQ(jpeg_size(first(header, size)), std::nullopt) << size;
    }
}

TEST(Jpeg, IsNotWholeWithoutOneOfItsParts) {
    EXPECT_FALSE(is_whole_jpeg(kFrame1920x1080 + kScanHeader + kScan + kEnd));
    EXPECT_FALSE(is_whole_jpeg(kStart + kScanHeader + kScan + kEnd));
    EXPECT_FALSE(is_whole_jpeg(kStart + kFrame1920x1080 + kEnd));
    EXPECT_FALSE(is_whole_jpeg(kStart + kFrame1920x1080 + kScanHeader + kScan));
}

TEST(Jpeg, IsNotWholeWithOtherBytesBehindItsEnd) {
    EXPECT_FALSE(is_whole_jpeg(kPicture + hex("01")));
    EXPECT_FALSE(is_whole_jpeg(kPicture + zeros(8) + hex("FF")));
}

TEST(Jpeg, IsNotWholeWhenItDoesNotBeginAtTheFirstByte) {
    EXPECT_FALSE(is_whole_jpeg(hex("00") + kPicture));
}

TEST(Jpeg, IsNotWholeWithASegmentThatRunsPastTheEnd) {
    Bytes picture = kPicture;
    picture[4] = 0xFF;  // the first segment's length

    EXPECT_FALSE(is_whole_jpeg(picture));
}

TEST(Jpeg, IsNotWholeWithASegmentShorterThanItsLength) {
    for (const std::string_view segment : {"FF E0 00 00", "FF E0 00 01"}) {
        EXPECT_FALSE(is_whole_jpeg(kStart + hex(segment) + kFrame1920x1080 + kScanHeader + kEnd));
    }
}

// Each is followed by what would be the length of an empty segment.
TEST(Jpeg, IsNotWholeWithAMarkerInItsHeaderThatHasNoPlaceThere) {
    for (const std::string_view marker : {"FF D8", "FF D9", "FF D0", "FF 01", "FF 00", "12"}) {
        EXPECT_FALSE(is_whole_jpeg(kStart + hex(marker) + hex("00 02") + kFrame1920x1080 +
                                   kScanHeader + kEnd))
            << marker;
    }
}

TEST(Jpeg, IsNotWholeWithAnotherFirstMarker) {
    for (const std::string_view start : {"FF D7", "FF 00", "00 D8", "FE D8"}) {
        EXPECT_FALSE(is_whole_jpeg(hex(start) + kFrame1920x1080 + kScanHeader + kScan + kEnd))
            << start;
    }
}

TEST(Jpeg, IsNotWholeWithAnotherLastMarker) {
    for (const std::string_view end : {"FF D8", "FE D9", "D9", "FF 00 D9"}) {
        EXPECT_FALSE(is_whole_jpeg(kStart + kFrame1920x1080 + kScanHeader + kScan + hex(end)))
            << end;
    }
}

TEST(Jpeg, IsNotWholeWhenItsEndStandsInsideTheScanHeader) {
    const Bytes scan_header = hex("FF DA 00 0C 03 01 00 02 11 03 11 00 FF D9");

    EXPECT_FALSE(is_whole_jpeg(kStart + kFrame1920x1080 + scan_header));
}

TEST(Jpeg, HasNoSizeWithAFrameOfAnotherKind) {
    for (const std::uint8_t code : hex("C3 C4 C5 C8 C9 CC CF")) {
        EXPECT_FALSE(jpeg_size(picture_with(frame_header(code, "04 38 07 80")))) << int{code};
    }
}

TEST(Jpeg, HasNoSizeWithoutWidthOrHeight) {
    EXPECT_FALSE(jpeg_size(picture_with(frame_header(0xC0, "00 00 07 80"))));
    EXPECT_FALSE(jpeg_size(picture_with(frame_header(0xC0, "04 38 00 00"))));
}

TEST(Jpeg, HasNoSizeWithAShortFrameHeader) {
    EXPECT_FALSE(jpeg_size(kStart + hex("FF C0 00 07 08 04 38 07 80") + kScanHeader + kEnd));
}

TEST(Jpeg, IsNotWholeWhenThereIsNothing) {
    EXPECT_FALSE(is_whole_jpeg({}));
    EXPECT_FALSE(is_whole_jpeg(zeros(4096)));
    EXPECT_FALSE(is_whole_jpeg(Bytes(4096, 0xFF)));
}

}  // namespace
}  // namespace minikvm
