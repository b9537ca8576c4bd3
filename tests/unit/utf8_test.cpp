// SPDX-License-Identifier: MIT
// UTF-8: the edges of Unicode 15, table 3-7.

#include "protocol/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

TEST(Utf8, CountsTheBytesOfACharacter) {
    EXPECT_EQ(utf8_character_size("a"), 1U);
    EXPECT_EQ(utf8_character_size("\x7F"), 1U);
    EXPECT_EQ(utf8_character_size("\xC2\x80"), 2U);
    EXPECT_EQ(utf8_character_size("\xDF\xBF"), 2U);
    EXPECT_EQ(utf8_character_size("\xE0\xA0\x80"), 3U);
    EXPECT_EQ(utf8_character_size("\xED\x9F\xBF"), 3U);
    EXPECT_EQ(utf8_character_size("\xEE\x80\x80"), 3U);
    EXPECT_EQ(utf8_character_size("\xF0\x90\x80\x80"), 4U);
    EXPECT_EQ(utf8_character_size("\xF4\x8F\xBF\xBF"), 4U);
}

TEST(Utf8, LooksAtTheFirstCharacterOnly) {
    EXPECT_EQ(utf8_character_size("a\xFF"), 1U);
    EXPECT_EQ(utf8_character_size("\xC3\xB6\xFF"), 2U);
}

TEST(Utf8, HasNoCharacterInWrongBytes) {
    for (const char* bytes :
         {"", "\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x7F", "\xC2\xC0",
          "\xE0\x9F\xBF", "\xED\xA0\x80", "\xEF\xBF", "\xEF\xBF\x7F", "\xF0\x8F\xBF\xBF",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
        EXPECT_EQ(utf8_character_size(bytes), 0U) << std::string(bytes);
    }
}

TEST(Utf8, KnowsBothBlocksOfControlCharacters) {
    EXPECT_TRUE(starts_with_control(std::string_view("\0", 1)));
    EXPECT_TRUE(starts_with_control("\x1F"));
    EXPECT_TRUE(starts_with_control("\x7F"));
    EXPECT_TRUE(starts_with_control("\xC2\x80"));
    EXPECT_TRUE(starts_with_control("\xC2\x9F"));
}

TEST(Utf8, KnowsWhatIsNoControlCharacter) {
    EXPECT_FALSE(starts_with_control(""));
    EXPECT_FALSE(starts_with_control(" "));
    EXPECT_FALSE(starts_with_control("~"));
    EXPECT_FALSE(starts_with_control("\xC2\xA0"));
    EXPECT_FALSE(starts_with_control("\xC3\x80"));
    EXPECT_FALSE(starts_with_control("\xC2"));
}

}  // namespace
}  // namespace minikvm
