// SPDX-License-Identifier: MIT
// The machine-readable lines of the test picture.

#include <string_view>

#include <gtest/gtest.h>

#include "sim/picture/code_lines.h"

namespace minikvm::sim {
namespace {

constexpr FrameStamp kStamp{0x8F3A21BC, 0x00012345, 0x0123456789AB};

std::uint16_t crc_of(std::string_view text) {
    return crc16({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

TEST(CodeLines, SayWhatWasWritten) {
    const auto lines = encode_lines(kStamp);

    EXPECT_EQ(decode_lines(lines[0], lines[1]), kStamp);
}

TEST(CodeLines, BeginWithThreeBlackCellsAfterAWhiteOne) {
    const CodeLine line = encode_lines(kStamp)[0];

    EXPECT_FALSE(line[0]);
    EXPECT_TRUE(line[1] && line[2] && line[3]);
    EXPECT_FALSE(line[4]);
}

TEST(CodeLines, EndWithABlackCellBetweenWhiteOnes) {
    const CodeLine line = encode_lines(kStamp)[1];

    EXPECT_FALSE(line[kCellsPerLine - 3]);
    EXPECT_TRUE(line[kCellsPerLine - 2]);
    EXPECT_FALSE(line[kCellsPerLine - 1]);
}

TEST(CodeLines, ShareACellFromEdgeToEdge) {
    EXPECT_EQ(cell_left(0, 1920), 0U);
    EXPECT_EQ(cell_left(kCellsPerLine, 1920), 1920U);
    EXPECT_EQ(cell_left(44, 640), 320U);
}

TEST(CodeLines, KeepForeverApartTheTwoLines) {
    const auto lines = encode_lines(kStamp);

    EXPECT_FALSE(decode_lines(lines[1], lines[0]));
}

TEST(CodeLines, HaveTheChecksumOfTheStandard) {
    EXPECT_EQ(crc_of("123456789"), 0x29B1);
}

// Every way a line can be wrong.

TEST(CodeLines, RefuseEverySingleWrongCell) {
    const auto lines = encode_lines(kStamp);
    for (std::size_t cell = 0; cell < kCellsPerLine; ++cell) {
        CodeLine damaged = lines[0];

        damaged.flip(cell);

        EXPECT_FALSE(decode_lines(damaged, lines[1])) << cell;
    }
}

TEST(CodeLines, RefuseLinesOfTwoFrames) {
    const auto lines = encode_lines(kStamp);
    const auto others = encode_lines({kStamp.nonce, kStamp.frame + 1, kStamp.time_us});

    EXPECT_FALSE(decode_lines(lines[0], others[1]));
}

TEST(CodeLines, RefuseAnEmptyLine) {
    EXPECT_FALSE(decode_lines(CodeLine(), CodeLine()));
}

}  // namespace
}  // namespace minikvm::sim
