// SPDX-License-Identifier: MIT
// The packets of the input socket, as docs/input-socket.md shows them.

#include "protocol/input_packet.h"

#include <linux/input-event-codes.h>

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/unit/error_of.h"

namespace minikvm {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::Not;
using testing::VariantWith;

using Packet = std::vector<std::uint8_t>;

// The document's worked example: A goes down, as packet 1.
const Packet kADown = {0x45, 0, 0,  0, 1, 0, 0, 0,   // 'E', number 1
                       1,    0, 30, 0, 1, 0, 0, 0,   // EV_KEY, KEY_A, down
                       0,    0, 0,  0, 0, 0, 0, 0};  // SYN_REPORT

Packet bytes_of(const EncodedInputPacket& packet) {
    return {packet.bytes().begin(), packet.bytes().end()};
}

Packet with_event(InputEvent event) {
    return bytes_of(encode_input(1, std::span(&event, 1)));
}

std::string complaint(const Packet& packet, InputPointer pointer = InputPointer::Relative) {
    const auto report = parse_input_report(packet, pointer);
    return report ? "" : report.error().context;
}

TEST(InputPacket, AReportIsWrittenAsTheDocumentShowsIt) {
    EXPECT_THAT(with_event({EV_KEY, KEY_A, 1}), ElementsAreArray(kADown));
}

TEST(InputPacket, AReportIsReadAsTheDocumentShowsIt) {
    const auto report = parse_input_report(kADown, InputPointer::Relative);

    ASSERT_TRUE(report);
    EXPECT_EQ(report->sequence, 1U);
    EXPECT_THAT(report->used(), ElementsAre(InputEvent{EV_KEY, KEY_A, 1}, InputEvent{}));
}

TEST(InputPacket, NegativeValuesSurviveTheWay) {
    const auto report =
        parse_input_report(with_event({EV_REL, REL_Y, -300}), InputPointer::Relative);

    ASSERT_TRUE(report);
    EXPECT_EQ(report->events[0].value, -300);
}

TEST(InputPacket, AHelloSaysWhichPointerIsMeant) {
    const InputHello hello{kInputVersion, InputPointer::Absolute};

    EXPECT_THAT(bytes_of(encode_input(hello)), ElementsAre('H', 1, 1, 0));
    EXPECT_EQ(parse_input_hello(encode_input(hello).bytes()).value(), hello);
}

TEST(InputPacket, TheDaemonsAnswersAreReadBack) {
    const InputState state{.target = InputTarget::Present,
                           .leds = {.num = true, .caps = false, .scroll = true},
                           .acknowledged = 0x01020304,
                           .unconfirmed = 2,
                           .last_unconfirmed = 7};

    EXPECT_THAT(parse_input_answer(encode_input(state).bytes()).value(),
                VariantWith<InputState>(state));
    EXPECT_THAT(parse_input_answer(encode_input(InputWelcome{1, 300}).bytes()).value(),
                VariantWith<InputWelcome>(InputWelcome{1, 300}));
    EXPECT_THAT(parse_input_answer(encode_input(InputGoodbye{"too many"}).bytes()).value(),
                VariantWith<InputGoodbye>(InputGoodbye{"too many"}));
}

TEST(InputPacket, ALongReasonIsCutToWhatOnePacketHolds) {
    const InputGoodbye goodbye{std::string(5000, 'x')};

    EXPECT_EQ(encode_input(goodbye).bytes().size(), kMaxInputPacketBytes);
}

// Every way a packet can be wrong.

TEST(InputPacketFaults, AHelloOfAnotherVersionIsToldWhichIsSpoken) {
    const auto hello = parse_input_hello(Packet{'H', 9, 0, 0});

    ASSERT_EQ(error_of(hello), ControlError::BadRequest);
    EXPECT_THAT(hello.error().context, HasSubstr("speaks version 1"));
}

TEST(InputPacketFaults, AHelloIsFourBytesThatMakeSense) {
    for (const Packet& wrong :
         {Packet{}, Packet{'H', 1, 0}, Packet{'E', 1, 0, 0}, Packet{'H', 1, 2, 0},
          Packet{'H', 1, 0, 1}, Packet{'H', 1, 0, 0, 0}}) {
        EXPECT_EQ(error_of(parse_input_hello(wrong)), ControlError::BadRequest);
    }
}

TEST(InputPacketFaults, EveryCutOfAPacketIsRefused) {
    for (std::size_t size = 0; size < kADown.size(); ++size) {
        EXPECT_NE(
            complaint(Packet(kADown.begin(), kADown.begin() + static_cast<std::ptrdiff_t>(size))),
            "")
            << size;
    }
}

TEST(InputPacketFaults, APacketLongerThanTheLongestIsRefused) {
    Packet packet = kADown;
    packet.resize(kMaxInputPacketBytes + kInputEventBytes);

    EXPECT_THAT(complaint(packet), HasSubstr("1..64"));
}

TEST(InputPacketFaults, EventsBehindTheSynAreRefused) {
    Packet packet = kADown;
    packet.insert(packet.end(), kADown.begin() + 8, kADown.end());

    EXPECT_THAT(complaint(packet), HasSubstr("SYN_REPORT stands last"));
}

TEST(InputPacketFaults, AnUnknownTypeIsNamed) {
    EXPECT_THAT(complaint(with_event({EV_LED, LED_CAPSL, 1})), HasSubstr("of type 17"));
}

TEST(InputPacketFaults, AKeyIsNeverNamed) {
    EXPECT_THAT(complaint(with_event({EV_KEY, KEY_Q, 3})), Not(HasSubstr("16")));
}

TEST(InputPacketFaults, EachPointerHasItsOwnAxes) {
    EXPECT_NE(complaint(with_event({EV_ABS, ABS_X, 1})), "");
    EXPECT_EQ(complaint(with_event({EV_ABS, ABS_X, 1}), InputPointer::Absolute), "");
    EXPECT_NE(complaint(with_event({EV_REL, REL_X, 1}), InputPointer::Absolute), "");
    EXPECT_EQ(complaint(with_event({EV_REL, REL_WHEEL, 1}), InputPointer::Absolute), "");
}

TEST(InputPacketFaults, ValuesOutsideTheirRangeAreRefused) {
    EXPECT_NE(complaint(with_event({EV_ABS, ABS_X, 4096}), InputPointer::Absolute), "");
    EXPECT_NE(complaint(with_event({EV_ABS, ABS_Y, -1}), InputPointer::Absolute), "");
    EXPECT_NE(complaint(with_event({EV_REL, REL_X, INT32_MIN})), "");
    EXPECT_NE(complaint(with_event({EV_KEY, KEY_A, -1})), "");
    EXPECT_NE(complaint(with_event({EV_KEY, 0xFFFF, 1})), "");
}

TEST(InputPacketFaults, AnAnswerThatNoDaemonGivesIsRefused) {
    for (const Packet& wrong : {Packet{}, Packet{'S'}, Packet{'Z', 0, 0, 0}, Packet{'X'}}) {
        EXPECT_EQ(error_of(parse_input_answer(wrong)), ProtocolError::BadReply);
    }
}

}  // namespace
}  // namespace minikvm
