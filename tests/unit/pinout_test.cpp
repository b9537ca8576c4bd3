// SPDX-License-Identifier: MIT
// The extension pins as minikvmctl pinout draws them, in each language.

#include <sys/stat.h>

#include <algorithm>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/ctl/pinout_drawing.h"
#include "protocol/utf8.h"

namespace minikvm {
namespace {

using testing::HasSubstr;

const TextStyle kPlain(false, false);
const PluggedNow kSerialAdapter = {"1-2", "0403:6001 FT232R", "host", ""};

std::string drawn(const PluggedNow& stick, std::string_view language = "en") {
    return pinout_drawing(pinout_text(language), {stick}, kPlain);
}

std::size_t columns_of(std::string_view line) {
    std::size_t columns = 0;
    while (!line.empty()) {
        line.remove_prefix(std::max<std::size_t>(utf8_character_size(line), 1));
        ++columns;
    }
    return columns;
}

TEST(Pinout, DrawsTheSixPins) {
    const std::string drawing = drawn(kSerialAdapter);

    for (const char* pin : {"| 1 |-- +5V ", "| 2 |-- D+ ", "| 3 |-- D- ", "| 4 |-- D+ ",
                            "| 5 |-- D- ", "| 6 |-- GND "}) {
        EXPECT_THAT(drawing, HasSubstr(pin));
    }
}

TEST(Pinout, DrawsWithLinesWhereTheLocaleHasThem) {
    EXPECT_THAT(pinout_drawing(pinout_text("en"), {}, TextStyle(false, true)),
                HasSubstr("│ 1 │── +5V"));
}

TEST(Pinout, MarksWhatIsOnTheHostsPair) {
    EXPECT_THAT(drawn(kSerialAdapter), HasSubstr("pins 2 and 3  0403:6001 FT232R\n"));
}

TEST(Pinout, SaysOfTheTargetsPairThatItCannotBeSeen) {
    EXPECT_THAT(drawn(kSerialAdapter),
                HasSubstr("pins 4 and 5  the target's, cannot be seen from here\n"));
}

TEST(Pinout, ShowsTheUsbAPortOnlyWhileItIsTheHosts) {
    EXPECT_THAT(drawn({"1-2", "", "host", "1d6b:0104 Memory"}),
                HasSubstr("USB-A port    1d6b:0104 Memory\n"));
    EXPECT_THAT(drawn({"1-2", "", "target", ""}),
                HasSubstr("USB-A port    the target's, cannot be seen from here\n"));
}

TEST(Pinout, TellsNothingFromUnknown) {
    EXPECT_THAT(
        drawn({"1-2", "", "host", "unknown"}),
        testing::AllOf(HasSubstr("pins 2 and 3  nothing\n"), HasSubstr("USB-A port    unknown\n")));
}

TEST(Pinout, SaysOfAModelWithoutPinsThatItHasNone) {
    const std::string drawing = drawn({"1-2", std::nullopt, std::nullopt, "1d6b:0104 Memory"});

    EXPECT_THAT(drawing, HasSubstr("Plugged in now, 1-2\n    no pins are known of this model\n"));
    EXPECT_THAT(drawing, HasSubstr("USB-A port    1d6b:0104 Memory\n"));
    EXPECT_THAT(drawing, testing::Not(HasSubstr("pins 2 and 3  ")));
}

TEST(Pinout, SaysThatNoStickIsThere) {
    EXPECT_THAT(pinout_drawing(pinout_text("en"), {}, kPlain), HasSubstr("no Mini-KVM"));
}

TEST(Pinout, FitsATerminalInEveryLanguage) {
    for (const std::string_view language : kPinoutLanguages) {
        std::istringstream lines(drawn(kSerialAdapter, language));
        for (std::string line; std::getline(lines, line);) {
            EXPECT_LE(columns_of(line), 80U) << line;
        }
    }
}

TEST(Pinout, WarnsInEveryLanguage) {
    for (const auto& [language, danger] :
         {std::pair{"en", "DANGER: pin 1 carries 5 V"}, std::pair{"ro", "PERICOL: pinul 1 are 5 V"},
          std::pair{"de", "GEFAHR: An Pin 1 liegen 5 V"},
          std::pair{"fr", "DANGER : la broche 1 porte 5 V"}}) {
        EXPECT_THAT(drawn(kSerialAdapter, language), HasSubstr(danger));
    }
}

TEST(Pinout, PointsAtAPageThatExistsInEachLanguage) {
    for (const std::string_view language : kPinoutLanguages) {
        const std::string_view page = pinout_text(language).page;
        const std::string path =
            std::string(MINIKVM_DOCS "/") + std::string(page.substr(page.rfind(' ') + 1));
        struct stat status {};

        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    }
}

TEST(PinoutLanguage, IsThatOfTheLocale) {
    EXPECT_EQ(pinout_language_of("de_AT.UTF-8"), "de");
    EXPECT_EQ(pinout_language_of("ro"), "ro");
    EXPECT_EQ(pinout_language_of("fr@euro"), "fr");
}

TEST(PinoutLanguage, IsEnglishForOthers) {
    for (const char* locale : {"C", "POSIX", "C.UTF-8", "nds_DE", "ja_JP.UTF-8", ""}) {
        EXPECT_EQ(pinout_language_of(locale), "en") << locale;
    }
}

}  // namespace
}  // namespace minikvm
