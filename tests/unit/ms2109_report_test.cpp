// SPDX-License-Identifier: MIT
// MS2109 feature reports, as docs/hardware.md 3.2 has them.

#include "protocol/ms2109_report.h"

#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/unit/error_of.h"
#include "tests/unit/protocol_bytes.h"

namespace minikvm::ms2109 {
namespace {

TEST(Ms2109Report, AsksForOneByte) {
    EXPECT_EQ(copy_of(read_request(RegisterAddress::WidthHigh)), hex("00 B5 C6 AF 00 00 00 00 00"));
    EXPECT_EQ(copy_of(read_request(RegisterAddress::HdmiStatus)),
              hex("00 B5 FA 8C 00 00 00 00 00"));
}

// docs/hardware.md 4.2: the switch cell.
TEST(Ms2109Report, WritesOneByte) {
    EXPECT_EQ(copy_of(write_request(RegisterAddress::Switch, 0x01)),
              hex("00 B6 DF 01 01 00 00 00 00"));
    EXPECT_EQ(copy_of(write_request(RegisterAddress::Switch, 0xEF)),
              hex("00 B6 DF 01 EF 00 00 00 00"));
}

TEST(Ms2109Report, CarriesTheByteBehindTheAddress) {
    EXPECT_EQ(parse_read_answer(hex("00 B5 C6 AF 07 00 00 00 00"), RegisterAddress::WidthHigh),
              0x07);
    EXPECT_EQ(parse_read_answer(hex("00 B5 CB DC FF 11 22 33 44"), RegisterAddress::Version0),
              0xFF);
}

TEST(Ms2109Report, NeedsNoBytesBehindTheValue) {
    EXPECT_EQ(parse_read_answer(hex("00 B5 F8 00 A7"), RegisterAddress::ChipType), kChipTypeMs2109);
}

// Every way this input can be wrong.

TEST(Ms2109Report, IsBadWhenItAnswersSomebodyElse) {
    for (const std::string_view report :
         {"01 B5 C6 AF 07 00 00 00 00", "00 B6 C6 AF 07 00 00 00 00", "00 B5 C5 AF 07 00 00 00 00",
          "00 B5 C6 B0 07 00 00 00 00", "00 00 00 00 00 00 00 00 00"}) {
        EXPECT_EQ(error_of(parse_read_answer(hex(report), RegisterAddress::WidthHigh)),
                  ProtocolError::BadReply)
            << report;
    }
}

TEST(Ms2109Report, IsBadWhenShort) {
    const Bytes whole = hex("00 B5 C6 AF 07");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(
            error_of(parse_read_answer(std::span(whole).first(size), RegisterAddress::WidthHigh)),
            ProtocolError::BadReply)
            << size;
    }
}

}  // namespace
}  // namespace minikvm::ms2109
