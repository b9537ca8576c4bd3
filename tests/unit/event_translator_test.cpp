// SPDX-License-Identifier: MIT
// Events in, reports out, by the tables in tests/data/input.

#include "uinput-bridge/event_translator.h"

#include <libevdev/libevdev.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/recording_hid_sink.h"
#include "uinput-bridge/sink_layout.h"

namespace minikvm {
namespace {

using Lines = std::vector<std::string>;

struct Case {
    int line = 0;
    Lines events;
    Lines reports;
};

// Blank lines separate; a block of events is followed by its block of reports.
std::vector<Case> read_cases(const std::string& name) {
    std::ifstream file(std::string(MINIKVM_TEST_DATA) + "/input/" + name);
    EXPECT_TRUE(file.is_open());
    std::vector<Case> cases;
    Lines block;
    bool in_reports = false;
    int number = 0;
    const auto end_block = [&] {
        if (in_reports) {
            cases.back().reports = block;
        } else {
            cases.push_back({number - static_cast<int>(block.size()), block, {}});
        }
        in_reports = !in_reports;
        block.clear();
    };
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.empty() && (!block.empty() || in_reports)) {
            end_block();
        } else if (!line.empty() && line.front() != '#') {
            block.push_back(line);
        }
    }
    if (!block.empty() || in_reports) {
        end_block();
    }
    return cases;
}

std::string text_of(const HidReport& report) {
    struct {
        std::string operator()(const hid::KeyboardReport& one) const {
            std::string text = fmt::format("keyboard {:02x}", one.modifiers);
            for (const hid::HidUsage usage : one.keys) {
                if (usage != hid::HidUsage::None) {
                    text += fmt::format(" {:02x}", static_cast<int>(usage));
                }
            }
            return text;
        }
        std::string operator()(const hid::ConsumerReport& one) const {
            return fmt::format("consumer {:02x}", fmt::join(one.bits, " "));
        }
        std::string operator()(const hid::SystemReport& one) const {
            return fmt::format("system {:02x}", one.bits);
        }
        std::string operator()(const hid::RelativeMouseReport& one) const {
            return fmt::format("relative {} {} {} {}", one.buttons, one.dx, one.dy, one.wheel);
        }
        std::string operator()(const hid::AbsoluteMouseReport& one) const {
            return fmt::format("absolute {} {} {}", one.buttons, one.x, one.y);
        }
    } write;
    return std::visit(write, report);
}

// A sink of its own for each case.
class Source {
public:
    explicit Source(KeyLeases::Meaning meaning, const HidAbilities& has = {})
        : translator_(leases_.add_source(meaning), leases_, scheduler_) {
        sink_.has = has;
        scheduler_.attach(sink_);
        sink_.deliver_all();
        sink_.reports.clear();
    }

    void take(const std::string& line) {
        std::istringstream words(line);
        std::string name;
        int value = 0;
        words >> name >> value;
        if (name == "SYN") {
            translator_.take(EV_SYN, SYN_REPORT, 0);
            sink_.deliver_all();
            return;
        }
        const int type = libevdev_event_type_from_code_name(name.c_str());
        const int code = libevdev_event_code_from_code_name(name.c_str());
        ASSERT_GE(code, 0) << name;
        translator_.take(static_cast<std::uint16_t>(type), static_cast<std::uint16_t>(code), value);
    }

    std::size_t held() const { return leases_.held(); }
    Lines reports() const {
        Lines lines;
        for (const HidReport& report : sink_.reports) {
            lines.push_back(text_of(report));
        }
        return lines;
    }
    const EventTranslator& translator() const { return translator_; }

private:
    RecordingHidSink sink_;
    KeyLeases leases_;
    ReportScheduler scheduler_;
    EventTranslator translator_;
};

void expect_table(const std::string& name, KeyLeases::Meaning meaning) {
    const std::vector<Case> cases = read_cases(name);
    EXPECT_GE(cases.size(), 5U) << "the table was not read";
    for (const Case& one : cases) {
        Source source(meaning);
        for (const std::string& event : one.events) {
            source.take(event);
        }
        EXPECT_THAT(source.reports(), testing::ElementsAreArray(one.reports))
            << name << ", events that end in line " << one.line;
    }
}

TEST(EventTranslator, TurnsKeysIntoTheReportsOfTheTable) {
    expect_table("keyboard.txt", keyboard_key);
}

TEST(EventTranslator, TurnsMiceIntoTheReportsOfTheTable) {
    expect_table("mouse.txt", mouse_button);
}

TEST(EventTranslator, TurnsTabletsIntoTheReportsOfTheTable) {
    expect_table("tablet.txt", tablet_button);
}

TEST(EventTranslator, CountsWhatCannotBeSent) {
    Source source(keyboard_key);

    source.take("KEY_BRIGHTNESSUP 1");
    source.take("SYN");
    source.take("KEY_BRIGHTNESSUP 0");
    source.take("SYN");

    EXPECT_EQ(source.translator().unsendable(), 1U);
}

// As a CH32V208 has them (docs/hardware.md 5.12).
constexpr HidAbilities kFew = {
    .media_keys = false, .buttons = 3, .highest_usage = hid::HidUsage{0x91}};

TEST(EventTranslator, HoldsNoMediaKeyOnAChipWithout) {
    Source source(keyboard_key, kFew);

    source.take("KEY_PLAYPAUSE 1");
    source.take("SYN");

    EXPECT_EQ(source.translator().unsendable(), 1U);
    EXPECT_EQ(source.held(), 0U);
    EXPECT_THAT(source.reports(), testing::IsEmpty());
}

TEST(EventTranslator, HasThreeButtonsOnAChipWithThree) {
    Source source(mouse_button, kFew);

    source.take("BTN_MIDDLE 1");
    source.take("BTN_SIDE 1");
    source.take("SYN");

    EXPECT_EQ(source.translator().unsendable(), 1U);
    EXPECT_THAT(source.reports(), testing::ElementsAre("relative 4 0 0 0"));
}

TEST(EventTranslator, SendsNothingBeforeThePacketIsWhole) {
    Source source(keyboard_key);

    source.take("KEY_A 1");

    EXPECT_THAT(source.reports(), testing::IsEmpty());
}

}  // namespace
}  // namespace minikvm
