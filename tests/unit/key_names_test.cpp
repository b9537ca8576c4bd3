// SPDX-License-Identifier: MIT
// What people call keys.

#include "clients/ctl/key_names.h"

#include <linux/input-event-codes.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/unit/error_of.h"

namespace minikvm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(KeyNames, AChordIsItsKeysInOrder) {
    EXPECT_THAT(parse_chord("ctrl+alt+delete").value(),
                ElementsAre(KEY_LEFTCTRL, KEY_LEFTALT, KEY_DELETE));
}

TEST(KeyNames, TheKernelsNamesAreKnownInEitherCase) {
    EXPECT_THAT(parse_chord("F12").value(), ElementsAre(KEY_F12));
    EXPECT_THAT(parse_chord("key_volumeup").value(), ElementsAre(KEY_VOLUMEUP));
    EXPECT_THAT(parse_chord("KEY_102ND").value(), ElementsAre(KEY_102ND));
}

TEST(KeyNames, AWrongNameIsToldTheNearest) {
    const auto wrong = parse_chord("ctrl+delte");

    ASSERT_EQ(error_of(wrong), ControlError::BadValue);
    EXPECT_THAT(wrong.error().context, HasSubstr("did you mean delete?"));
}

TEST(KeyNames, AKeyThatTheChipHasNotIsRefused) {
    EXPECT_THAT(parse_chord("brightnessup").error().context, HasSubstr("input chip has no key"));
}

TEST(KeyNames, EmptyAndDoubledKeysAreRefused) {
    for (const char* const wrong : {"", "+", "ctrl+", "a+a", "ctrl+leftctrl"}) {
        EXPECT_EQ(error_of(parse_chord(wrong)), ControlError::BadValue) << wrong;
    }
}

}  // namespace
}  // namespace minikvm
