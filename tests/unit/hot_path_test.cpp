// SPDX-License-Identifier: MIT
// What runs for every key, every motion and every picture asks for no memory.

#include <cstddef>

#include <gtest/gtest.h>

#include "protocol/ch9329_commands.h"
#include "protocol/hid_keymap.h"
#include "protocol/jpeg.h"
#include "tests/unit/allocation_count.h"
#include "tests/unit/protocol_bytes.h"

namespace minikvm {
namespace {

// How often `work` asks for memory.
template <typename Work>
std::size_t allocations_in(Work work) {
    const std::size_t before = allocation_count();
    work();
    return allocation_count() - before;
}

TEST(HotPath, CountsAllocations) {
    EXPECT_GT(allocations_in([] { EXPECT_EQ(Bytes(100).size(), 100U); }), 0U);
}

TEST(HotPath, AllocatesNothingFromKeyToWire) {
    const std::size_t allocations = allocations_in([] {
        const hid::HidKey key = hid::find_key(hid::KeyCode{30});
        const auto frame = ch9329::keyboard({.keys = {hid::HidUsage{key.value}}});
        ASSERT_EQ(ch9329::encode(frame).bytes().size(), 14U);
    });

    EXPECT_EQ(allocations, 0U);
}

TEST(HotPath, AllocatesNothingFromWireToAnswer) {
    const Bytes answers = hex("00 57 AB 00 82 01 00 85 57 AB 00 81 08 31 01 02 00 00 00 00 00 BF");
    ch9329::FrameParser parser;

    const std::size_t allocations = allocations_in([&] {
        parser.push(answers);
        const auto first = parser.next();
        const auto second = parser.next();
        ASSERT_TRUE(first && second);
        ASSERT_TRUE(ch9329::parse_acknowledgement(*first, ch9329::Command::Keyboard));
        ASSERT_TRUE(ch9329::parse_information(*second));
    });

    EXPECT_EQ(allocations, 0U);
}

TEST(HotPath, AllocatesNothingForAPicture) {
    const Bytes picture =
        hex("FF D8 FF C0 00 11 08 04 38 07 80 03 01 21 00 02 11 01 03 11 01"
            "FF DA 00 0C 03 01 00 02 11 03 11 00 3F 00 12 34 FF D9 00");

    EXPECT_EQ(allocations_in([&] { ASSERT_TRUE(is_whole_jpeg(picture)); }), 0U);
}

}  // namespace
}  // namespace minikvm
