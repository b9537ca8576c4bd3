// SPDX-License-Identifier: MIT
// Byte order, both ways.

#include "protocol/bytes.h"

#include <gtest/gtest.h>

#include "tests/unit/protocol_bytes.h"

namespace minikvm {
namespace {

TEST(Bytes, AreReadInEitherOrder) {
    const Bytes bytes = hex("00 12 34 56 78 FF");

    EXPECT_EQ(read_big_endian_16(bytes, 1), 0x1234);
    EXPECT_EQ(read_little_endian_16(bytes, 1), 0x3412);
    EXPECT_EQ(read_big_endian_32(bytes, 1), 0x12345678U);
    EXPECT_EQ(read_big_endian_16(bytes, 4), 0x78FF);
}

TEST(Bytes, AreWrittenHighFirst) {
    Bytes bytes = zeros(6);
    write_big_endian_32(bytes, 1, 0xFEDCBA98U);

    EXPECT_EQ(bytes, hex("00 FE DC BA 98 00"));
}

TEST(Bytes, AreTheHalvesOfANumber) {
    EXPECT_EQ(high_byte(0xABCD), 0xAB);
    EXPECT_EQ(low_byte(0xABCD), 0xCD);
    EXPECT_EQ(big_endian_16(0xAB, 0xCD), 0xABCD);
}

}  // namespace
}  // namespace minikvm
