// SPDX-License-Identifier: MIT
// Characters as keys of the target's layout.

#include "clients/ctl/target_layout.h"

#include <linux/input-event-codes.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/unit/error_of.h"

namespace minikvm {
namespace {

using testing::ElementsAre;

TargetLayout layout_of(const std::string& name, TargetSystem system = TargetSystem::Windows,
                       const std::string& variant = {}) {
    return TargetLayout::create({name, variant, {}}, system).value();
}

std::vector<Chord> chords(const TargetLayout& layout, char32_t character) {
    const Spelling* const spelling = layout.find(character);
    return spelling == nullptr ? std::vector<Chord>() : spelling->chords;
}

TEST(TargetLayout, LettersAreKeysWithAndWithoutShift) {
    const TargetLayout layout = layout_of("us");

    EXPECT_THAT(chords(layout, U'a'), ElementsAre(Chord{KEY_A, false, false}));
    EXPECT_THAT(chords(layout, U'A'), ElementsAre(Chord{KEY_A, true, false}));
}

TEST(TargetLayout, KeysAreWhereTheTargetsLayoutHasThem) {
    const TargetLayout layout = layout_of("de");

    EXPECT_THAT(chords(layout, U'y'), ElementsAre(Chord{KEY_Z, false, false}));
    EXPECT_THAT(chords(layout, U'ß'), ElementsAre(Chord{KEY_MINUS, false, false}));
    EXPECT_THAT(chords(layout, U'<'), ElementsAre(Chord{KEY_102ND, false, false}));
}

TEST(TargetLayout, AltGrIsHeldForTheThirdLevel) {
    const TargetLayout layout = layout_of("de");

    EXPECT_THAT(chords(layout, U'@'), ElementsAre(Chord{KEY_Q, false, true}));
    EXPECT_THAT(chords(layout, U'€'), ElementsAre(Chord{KEY_E, false, true}));
}

TEST(TargetLayout, ADeadKeyComesBeforeItsLetter) {
    const TargetLayout layout = layout_of("de");

    EXPECT_THAT(chords(layout, U'é'),
                ElementsAre(Chord{KEY_EQUAL, false, false}, Chord{KEY_E, false, false}));
    EXPECT_THAT(chords(layout, U'È'),
                ElementsAre(Chord{KEY_EQUAL, true, false}, Chord{KEY_E, true, false}));
}

TEST(TargetLayout, AnAccentAloneIsADeadKeyAndASpace) {
    const TargetLayout layout = layout_of("de");

    EXPECT_THAT(chords(layout, U'^'),
                ElementsAre(Chord{KEY_GRAVE, false, false}, Chord{KEY_SPACE, false, false}));
}

TEST(TargetLayout, AnAcuteAloneDiffersBetweenWindowsAndLinux) {
    EXPECT_THAT(chords(layout_of("de"), U'´'),
                ElementsAre(Chord{KEY_EQUAL, false, false}, Chord{KEY_SPACE, false, false}));
    EXPECT_THAT(chords(layout_of("de", TargetSystem::Linux), U'´'),
                ElementsAre(Chord{KEY_EQUAL, false, false}, Chord{KEY_EQUAL, false, false}));
}

TEST(TargetLayout, LineFeedAndTabAreKeysOfTheirOwn) {
    const TargetLayout layout = layout_of("us");

    EXPECT_THAT(chords(layout, U'\n'), ElementsAre(Chord{KEY_ENTER, false, false}));
    EXPECT_THAT(chords(layout, U'\t'), ElementsAre(Chord{KEY_TAB, false, false}));
}

TEST(TargetLayout, DigitsAreNotTakenFromTheKeypad) {
    EXPECT_THAT(chords(layout_of("us"), U'7'), ElementsAre(Chord{KEY_7, false, false}));
}

TEST(TargetLayout, WhatALayoutHasNotIsNotFound) {
    EXPECT_EQ(layout_of("us").find(U'€'), nullptr);
    EXPECT_EQ(layout_of("de").find(U'日'), nullptr);
}

TEST(TargetLayout, WhatOnlyXkbHasIsMarked) {
    EXPECT_TRUE(layout_of("de").find(U'ſ')->xkb_only);
    EXPECT_FALSE(layout_of("de", TargetSystem::Linux).find(U'ſ')->xkb_only);
    EXPECT_FALSE(layout_of("de").find(U'~')->xkb_only);
}

TEST(TargetLayout, AVariantIsReadFromXkb) {
    const TargetLayout layout = layout_of("de", TargetSystem::Linux, "nodeadkeys");

    EXPECT_THAT(chords(layout, U'^'), ElementsAre(Chord{KEY_GRAVE, false, false}));
}

TEST(TargetLayout, EveryPrintableAsciiCharacterHasAKeyInTheUsualLayouts) {
    for (const char* const name : {"us", "gb", "de", "fr", "es", "it", "se", "ch", "jp"}) {
        const TargetLayout layout = layout_of(name, TargetSystem::Linux);
        for (char32_t character = U' '; character <= U'~'; ++character) {
            EXPECT_NE(layout.find(character), nullptr)
                << name << " U+" << std::hex << static_cast<unsigned>(character);
        }
    }
}

TEST(TargetLayout, ALayoutThatThereIsNotIsNamed) {
    const auto wrong = TargetLayout::create({"xx", "", ""}, TargetSystem::Windows);

    EXPECT_EQ(error_of(wrong), ControlError::BadValue);
}

}  // namespace
}  // namespace minikvm
