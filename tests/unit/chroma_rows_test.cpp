// SPDX-License-Identifier: MIT
// The order that rows of samples are put into.

#include "v4l2-bridge/chroma_rows.h"

#include <vector>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using Row = std::vector<std::uint8_t>;

TEST(ChromaRows, GiveEachTwoLumaSamplesOneBlueAndOneRed) {
    Row row(8);

    pack_yuyv(Row{1, 2, 3, 4}, Row{10, 11}, Row{20, 21}, row);

    EXPECT_EQ(row, (Row{1, 10, 2, 20, 3, 11, 4, 21}));
}

TEST(ChromaRows, PutBlueBeforeRed) {
    Row row(4);

    interleave(Row{10, 11}, Row{20, 21}, row);

    EXPECT_EQ(row, (Row{10, 20, 11, 21}));
}

TEST(ChromaRows, RoundHalvesUpWhenTheyAreAveraged) {
    Row row(3);

    average(Row{0, 1, 255}, Row{1, 3, 255}, row);

    EXPECT_EQ(row, (Row{1, 2, 255}));
}

TEST(ChromaRows, CanBeAveragedInPlace) {
    Row row{10, 20};

    average(row, Row{20, 40}, row);

    EXPECT_EQ(row, (Row{15, 30}));
}

}  // namespace
}  // namespace minikvm
