// SPDX-License-Identifier: MIT
// CH9329 commands: every worked example of docs/hardware.md, byte by byte.

#include "protocol/ch9329_commands.h"

#include <cstdint>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/unit/error_of.h"
#include "tests/unit/protocol_bytes.h"

namespace minikvm::ch9329 {
namespace {

using hid::HidUsage;
using testing::EndsWith;

// docs/hardware.md 5.3.
constexpr std::string_view kAcknowledgement = "57 AB 00 82 01 00 85";
constexpr std::string_view kInfoAnswer = "57 AB 00 81 08 31 01 02 00 00 00 00 00 BF";

hid::KeyboardReport pressed(std::uint8_t usage) {
    return {.keys = {HidUsage{usage}}};
}

TEST(Ch9329Command, AsksForInformation) {
    EXPECT_EQ(wire(get_information()), hex("57 AB 00 01 00 03"));
}

TEST(Ch9329Command, PressesTheKeyA) {
    EXPECT_EQ(wire(keyboard(pressed(0x04))), hex("57 AB 00 02 08 00 00 04 00 00 00 00 00 10"));
}

TEST(Ch9329Command, ReleasesAllKeys) {
    EXPECT_EQ(wire(keyboard({})), hex("57 AB 00 02 08 00 00 00 00 00 00 00 00 0C"));
}

TEST(Ch9329Command, HoldsEveryModifierWithSixKeys) {
    const hid::KeyboardReport report = {
        .modifiers = 0xFF,
        .keys = {HidUsage{1}, HidUsage{2}, HidUsage{3}, HidUsage{4}, HidUsage{5}, HidUsage{6}}};

    EXPECT_EQ(wire(keyboard(report)), hex("57 AB 00 02 08 FF 00 01 02 03 04 05 06 20"));
}

TEST(Ch9329Command, PressesMute) {
    EXPECT_EQ(wire(media(hid::ConsumerReport{{0x04, 0, 0}})), hex("57 AB 00 03 04 02 04 00 00 0F"));
}

TEST(Ch9329Command, ReleasesConsumerKeys) {
    EXPECT_EQ(wire(media(hid::ConsumerReport{})), hex("57 AB 00 03 04 02 00 00 00 0B"));
}

TEST(Ch9329Command, PressesPower) {
    EXPECT_EQ(wire(media(hid::SystemReport{0x01})), hex("57 AB 00 03 02 01 01 09"));
}

TEST(Ch9329Command, ReleasesSystemKeys) {
    EXPECT_EQ(wire(media(hid::SystemReport{})), hex("57 AB 00 03 02 01 00 08"));
}

TEST(Ch9329Command, PutsThePointerSomewhereWithTheLeftButton) {
    EXPECT_EQ(wire(mouse_absolute({.buttons = 0x01, .x = 100, .y = 200})),
              hex("57 AB 00 04 07 02 01 64 00 C8 00 00 3C"));
}

TEST(Ch9329Command, PutsThePointerIntoTheLastCornerTurningTheWheel) {
    EXPECT_EQ(wire(mouse_absolute({.x = hid::kAbsoluteMax, .y = hid::kAbsoluteMax, .wheel = -1})),
              hex("57 AB 00 04 07 02 00 FF 0F FF 0F FF 2A"));
}

TEST(Ch9329Command, MovesThePointerWithTheLeftButton) {
    EXPECT_EQ(wire(mouse_relative({.buttons = 0x01, .dx = 5, .dy = -3})),
              hex("57 AB 00 05 05 01 01 05 FD 00 10"));
}

TEST(Ch9329Command, TurnsTheWheel) {
    EXPECT_EQ(wire(mouse_relative({.wheel = 1})), hex("57 AB 00 05 05 01 00 00 00 01 0E"));
}

TEST(Ch9329Command, AsksForTheParameters) {
    EXPECT_EQ(wire(get_parameters()), hex("57 AB 00 08 00 0A"));
}

TEST(Ch9329Command, AsksForTheProductString) {
    EXPECT_EQ(wire(get_usb_string(UsbString::Product)), hex("57 AB 00 0A 01 01 0E"));
}

TEST(Ch9329Command, RestoresTheFactoryParameters) {
    EXPECT_EQ(wire(set_default()), hex("57 AB 00 0C 00 0E"));
}

TEST(Ch9329Command, ResetsTheChip) {
    EXPECT_EQ(wire(reset()), hex("57 AB 00 0F 00 11"));
}

// docs/hardware.md 4.4.
TEST(Ch9329Command, MovesTheSwitchWithFiveBytes) {
    EXPECT_EQ(wire(usb_switch(SwitchPosition::Host)), hex("57 AB 00 17 05 00 00 00 00 00 1E"));
    EXPECT_EQ(wire(usb_switch(SwitchPosition::Target)), hex("57 AB 00 17 05 00 00 00 00 01 1F"));
    EXPECT_EQ(wire(query_usb_switch()), hex("57 AB 00 17 05 00 00 00 00 03 21"));
}

TEST(Ch9329Answer, AcknowledgesWithStatusZero) {
    EXPECT_TRUE(parse_acknowledgement(frame_in(kAcknowledgement), Command::Keyboard));
    EXPECT_TRUE(parse_acknowledgement(frame_in("57 AB 00 8C 01 00 8F"), Command::SetDefault));
    EXPECT_TRUE(parse_acknowledgement(frame_in("57 AB 00 8F 01 00 92"), Command::Reset));
    EXPECT_TRUE(parse_acknowledgement(frame_in("57 AB 00 89 01 00 8C"), Command::SetParameters));
}

TEST(Ch9329Answer, SaysWhatTheChipIs) {
    const auto information = parse_information(frame_in(kInfoAnswer));

    ASSERT_TRUE(information);
    EXPECT_EQ(information->version_text(), "1.1");
    EXPECT_TRUE(information->target_connected);
    EXPECT_EQ(information->leds, (hid::LockLeds{.caps = true}));
}

// docs/hardware.md 5.4: bit 0 Num, 1 Caps, 2 Scroll.
TEST(Ch9329Answer, SaysWhichLightsAreOn) {
    Frame frame = frame_in(kInfoAnswer);
    const auto leds_of = [&frame](std::uint8_t bits) {
        frame.payload[2] = bits;
        return parse_information(frame).value().leds;
    };

    EXPECT_EQ(leds_of(0x00), (hid::LockLeds{}));
    EXPECT_EQ(leds_of(0x01), (hid::LockLeds{.num = true}));
    EXPECT_EQ(leds_of(0x04), (hid::LockLeds{.scroll = true}));
    EXPECT_EQ(leds_of(0xFF), (hid::LockLeds{.num = true, .caps = true, .scroll = true}));
}

TEST(Ch9329Answer, SaysThatTheTargetHasNotEnumeratedTheChip) {
    Frame frame = frame_in(kInfoAnswer);
    frame.payload[1] = 0x00;

    EXPECT_FALSE(parse_information(frame).value().target_connected);
}

// 30 and 31 are the manual's; 38 is what sold sticks say; 02 is a CH32V208.
TEST(Ch9329Answer, ReadsItsVersionFromTheLowDigit) {
    EXPECT_EQ(Information{.version = 0x30}.version_text(), "1.0");
    EXPECT_EQ(Information{.version = 0x38}.version_text(), "1.8");
    EXPECT_EQ(Information{.version = 0x02}.version_text(), "0x02");
    EXPECT_EQ(Information{.version = 0xFA}.version_text(), "0xfa");
}

TEST(Ch9329Answer, SaysTheProductString) {
    EXPECT_EQ(parse_usb_string(frame_in("57 AB 00 8A 05 01 03 4B 56 4D 83"), UsbString::Product),
              "KVM");
    EXPECT_EQ(parse_usb_string(frame_in("57 AB 00 8A 02 02 00 90"), UsbString::Serial), "");
}

TEST(Ch9329Answer, SaysWhereTheSwitchIsNow) {
    EXPECT_EQ(parse_usb_switch(frame_in("57 AB 00 97 01 00 9A")), SwitchPosition::Host);
    EXPECT_EQ(parse_usb_switch(frame_in("57 AB 00 97 01 01 9B")), SwitchPosition::Target);
}

TEST(Ch9329Answer, BelongsToTheCommandWhetherGoodOrBad) {
    EXPECT_TRUE(answers(frame_in(kAcknowledgement), Command::Keyboard));
    EXPECT_TRUE(answers(frame_in("57 AB 00 C2 01 E4 A9"), Command::Keyboard));
    EXPECT_FALSE(answers(frame_in(kInfoAnswer), Command::Keyboard));
    EXPECT_FALSE(answers(keyboard({}), Command::Keyboard));
}

// Every way this input can be wrong.

TEST(Ch9329Answer, IsRefusedWithItsReason) {
    const auto answer = parse_acknowledgement(frame_in("57 AB 00 C2 01 E4 A9"), Command::Keyboard);

    EXPECT_EQ(error_of(answer), ProtocolError::Refused);
    EXPECT_THAT(answer.error().context, EndsWith("bad sum"));
}

TEST(Ch9329Answer, IsRefusedForEachStatusOfTheManual) {
    for (const std::uint8_t status : hex("E1 E2 E3 E4 E5 E6 01 FF")) {
        Frame frame = frame_in(kAcknowledgement);
        frame.payload[0] = status;
        EXPECT_EQ(error_of(parse_acknowledgement(frame, Command::Keyboard)), ProtocolError::Refused)
            << int{status};
    }
}

// docs/hardware.md 4.4: a CH32V208 refuses a bad selector without a status.
TEST(Ch9329Answer, IsRefusedWithoutAReasonToo) {
    EXPECT_EQ(error_of(parse_usb_switch(frame_in("57 AB 00 D7 00 D9"))), ProtocolError::Refused);
    EXPECT_EQ(error_of(parse_usb_switch(frame_in("57 AB 00 D7 01 E6 C0"))), ProtocolError::Refused);
}

TEST(Ch9329Answer, IsBadWhenItAnswersAnotherCommand) {
    EXPECT_EQ(error_of(parse_acknowledgement(frame_in(kInfoAnswer), Command::Keyboard)),
              ProtocolError::BadReply);
    EXPECT_EQ(error_of(parse_information(frame_in(kAcknowledgement))), ProtocolError::BadReply);
}

TEST(Ch9329Answer, IsBadWithoutAStatus) {
    EXPECT_EQ(error_of(parse_acknowledgement({.command = 0x82}, Command::Keyboard)),
              ProtocolError::BadReply);
}

TEST(Ch9329Answer, IsBadWhenInformationIsShort) {
    for (std::uint8_t size = 0; size < 8; ++size) {
        Frame frame = frame_in(kInfoAnswer);
        frame.payload_size = size;
        EXPECT_EQ(error_of(parse_information(frame)), ProtocolError::BadReply) << int{size};
    }
}

TEST(Ch9329Answer, IsBadWhenAStringIsShorterThanItSays) {
    for (const std::string_view answer :
         {"57 AB 00 8A 00 8C", "57 AB 00 8A 01 01 8E", "57 AB 00 8A 04 01 03 4B 56 35",
          "57 AB 00 8A 05 02 03 4B 56 4D 84", "57 AB 00 8A 02 01 FF 8E"}) {
        EXPECT_EQ(error_of(parse_usb_string(frame_in(answer), UsbString::Product)),
                  ProtocolError::BadReply)
            << answer;
    }
}

TEST(Ch9329Answer, IsBadWhenTheSwitchIsNowhere) {
    EXPECT_EQ(error_of(parse_usb_switch(frame_in("57 AB 00 97 01 03 9D"))),
              ProtocolError::BadReply);
}

TEST(Ch9329Answer, NamesTheCommandInItsErrors) {
    EXPECT_EQ(parse_information({}).error().context,
              "CH9329 information: another command's answer");
}

}  // namespace
}  // namespace minikvm::ch9329
