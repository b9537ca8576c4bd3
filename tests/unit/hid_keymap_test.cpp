// SPDX-License-Identifier: MIT
// The keymap, against a table written down from docs/hardware.md 7.

#include "protocol/hid_keymap.h"

#include <fstream>
#include <iomanip>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/ch9329_commands.h"
#include "tests/unit/protocol_bytes.h"

namespace minikvm::hid {
namespace {

struct Line {
    unsigned code = 0;
    std::string name;
    std::string report;  // "02: 00 00 04 00 00 00 00 00", or "none"
};

std::vector<Line> table() {
    std::ifstream file(MINIKVM_TEST_DATA "/keymap/reports.txt");
    std::vector<Line> lines;
    std::string text;
    while (std::getline(file, text)) {
        if (text.empty() || text[0] == '#') {
            continue;
        }
        Line line;
        std::istringstream words(text);
        words >> line.code >> line.name >> std::ws;
        std::getline(words, line.report);
        lines.push_back(line);
    }
    return lines;
}

// The command that says that this key is down, and nothing else.
std::optional<ch9329::Frame> frame_for(HidKey key) {
    const auto bit = static_cast<std::uint8_t>(1U << (key.value % 8U));
    switch (key.kind) {
        case HidKeyKind::None:
            return std::nullopt;
        case HidKeyKind::Usage:
            return ch9329::keyboard({.keys = {HidUsage{key.value}}});
        case HidKeyKind::Modifier:
            return ch9329::keyboard({.modifiers = bit});
        case HidKeyKind::Consumer: {
            ConsumerReport report;
            report.bits.at(key.value / 8U) = bit;
            return ch9329::media(report);
        }
        case HidKeyKind::System:
            return ch9329::media(SystemReport{bit});
        case HidKeyKind::Button:
            return ch9329::mouse_relative({.buttons = bit});
    }
    return std::nullopt;
}

std::string as_in_the_table(const std::optional<ch9329::Frame>& frame) {
    if (!frame) {
        return "none";
    }
    std::ostringstream text;
    text << std::hex << std::uppercase << std::setfill('0');
    text << std::setw(2) << int{frame->command} << ':';
    for (const std::uint8_t byte : frame->data()) {
        text << ' ' << std::setw(2) << int{byte};
    }
    return text.str();
}

TEST(HidKeymap, SaysOfEachKeyWhatTheTableSays) {
    const auto lines = table();
    ASSERT_GT(lines.size(), 150U);

    for (const Line& line : lines) {
        const HidKey key = find_key(KeyCode{static_cast<std::uint16_t>(line.code)});
        EXPECT_EQ(as_in_the_table(frame_for(key)), line.report) << line.name;
    }
}

TEST(HidKeymap, AnnouncesWhatTheTableHasNoMoreNoLess) {
    std::set<unsigned> sendable;
    for (const Line& line : table()) {
        if (line.report != "none") {
            sendable.insert(line.code);
        }
    }

    std::set<unsigned> announced;
    for (const KeymapEntry& entry : keymap()) {
        announced.insert(static_cast<unsigned>(entry.code));
    }

    EXPECT_EQ(announced, sendable);
    EXPECT_EQ(announced.size(), keymap().size()) << "a code stands twice";
}

TEST(HidKeymap, FindsEachKeyItAnnounces) {
    for (const KeymapEntry& entry : keymap()) {
        EXPECT_EQ(find_key(entry.code), entry.key) << static_cast<unsigned>(entry.code);
    }
}

TEST(HidKeymap, HasNothingForCodesThatDoNotExist) {
    for (const unsigned code : {0U, 0x120U, 0x2FFU, 0x300U, 0xFFFFU}) {
        EXPECT_EQ(find_key(KeyCode{static_cast<std::uint16_t>(code)}), HidKey{}) << code;
    }
}

}  // namespace
}  // namespace minikvm::hid
