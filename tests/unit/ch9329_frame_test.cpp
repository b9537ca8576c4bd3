// SPDX-License-Identifier: MIT
// CH9329 frames: what stands on the wire, and how frames are found in what comes from there.

#include "protocol/ch9329_frame.h"

#include <chrono>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/protocol_bytes.h"

namespace minikvm::ch9329 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// docs/hardware.md 5.3.
const Bytes kGetInfo = hex("57 AB 00 01 00 03");
const Bytes kInfoFrame = hex("57 AB 00 81 08 31 01 02 00 00 00 00 00 BF");
const Bytes kAcknowledgementFrame = hex("57 AB 00 82 01 00 85");

std::vector<Bytes> wires_in(const Bytes& bytes) {
    std::vector<Bytes> wires;
    for (const Frame& frame : frames_in(bytes)) {
        wires.push_back(wire(frame));
    }
    return wires;
}

TEST(Ch9329Frame, IsTheSameFrameAfterTheWire) {
    Frame frame{.address = 0x12, .command = 0x34, .payload_size = 3};
    frame.payload[0] = 0x57;
    frame.payload[1] = 0xAB;
    frame.payload[2] = 0xFF;

    EXPECT_THAT(frames_in(wire(frame)), ElementsAre(frame));
}

TEST(Ch9329Frame, SumsUpToTheLowByte) {
    EXPECT_EQ(wire({.command = 0x01}), kGetInfo);
    EXPECT_EQ(wire({.address = 0xFD, .command = 0x01}), hex("57 AB FD 01 00 00"));
    EXPECT_EQ(wire({.address = 0xFC, .command = 0x01}), hex("57 AB FC 01 00 FF"));
}

TEST(Ch9329Frame, HoldsTheLongestPayload) {
    Frame frame{.command = 0x88, .payload_size = kMaxPayloadBytes};
    frame.payload.fill(0xFF);

    EXPECT_EQ(wire(frame).size(), kMaxFrameBytes);
    EXPECT_THAT(frames_in(wire(frame)), ElementsAre(frame));
}

// docs/hardware.md 5.9, which rounds.
TEST(Ch9329Frame, OccupiesTheLineForTenBitsAByte) {
    const auto milliseconds = [](std::size_t bytes, int speed_bd) {
        return std::chrono::duration<double, std::milli>(time_on_wire(bytes, speed_bd)).count();
    };

    EXPECT_NEAR(milliseconds(14, 9600), 14.6, 0.05);
    EXPECT_NEAR(milliseconds(13, 9600), 13.5, 0.05);
    EXPECT_NEAR(milliseconds(11, 9600), 11.5, 0.05);
    EXPECT_NEAR(milliseconds(7, 9600), 7.3, 0.05);
    EXPECT_NEAR(milliseconds(14, 115200), 1.22, 0.005);
    EXPECT_NEAR(milliseconds(13, 115200), 1.13, 0.005);
    EXPECT_NEAR(milliseconds(11, 115200), 0.95, 0.006);
    EXPECT_NEAR(milliseconds(7, 115200), 0.61, 0.005);
}

TEST(Ch9329FrameParser, FindsOneFrame) {
    EXPECT_THAT(wires_in(kInfoFrame), ElementsAre(kInfoFrame));
}

TEST(Ch9329FrameParser, FindsSeveralFramesInOnePush) {
    EXPECT_THAT(wires_in(kInfoFrame + kAcknowledgementFrame + kAcknowledgementFrame),
                ElementsAre(kInfoFrame, kAcknowledgementFrame, kAcknowledgementFrame));
}

TEST(Ch9329FrameParser, FindsAFrameThatArrivesByteByByte) {
    FrameParser parser;
    for (std::size_t count = 0; count < kInfoFrame.size(); ++count) {
        EXPECT_FALSE(parser.next()) << "after " << count << " bytes";
        parser.push(std::span(kInfoFrame).subspan(count, 1));
    }

    EXPECT_TRUE(parser.next());
    EXPECT_FALSE(parser.holds_partial());
}

TEST(Ch9329FrameParser, FindsFramesForEver) {
    FrameParser parser;
    std::size_t found = 0;
    for (std::size_t round = 0; round < FrameParser::kCapacityBytes; ++round) {
        parser.push(kAcknowledgementFrame + kInfoFrame);
        while (parser.next()) {
            ++found;
        }
    }

    EXPECT_EQ(found, 2 * FrameParser::kCapacityBytes);
    EXPECT_EQ(parser.discarded_bytes(), 0U);
}

TEST(Ch9329FrameParser, KeepsHeadBytesThatStandInsideAPayload) {
    const Bytes frame = hex("57 AB 00 82 02 57 AB 88");

    EXPECT_THAT(wires_in(frame + kGetInfo), ElementsAre(frame, kGetInfo));
}

TEST(Ch9329FrameParser, UnderstandsTheLongAnswersOfTheNewerDie) {
    for (const std::size_t length : {72U, 88U}) {
        Frame frame{.command = 0x88, .payload_size = static_cast<std::uint8_t>(length)};
        EXPECT_THAT(frames_in(wire(frame) + kGetInfo).size(), 2U) << length;
    }
}

// Every way this input can be wrong.

TEST(Ch9329FrameParser, HasNothingWithoutInput) {
    FrameParser parser;
    parser.push({});

    EXPECT_FALSE(parser.next());
    parser.drop_partial();
    EXPECT_FALSE(parser.holds_partial());
}

TEST(Ch9329FrameParser, WaitsForARestThatHasNotCome) {
    for (std::size_t size = 1; size < kInfoFrame.size(); ++size) {
        FrameParser parser;
        parser.push(std::span(kInfoFrame).first(size));
        EXPECT_FALSE(parser.next()) << size;
        EXPECT_TRUE(parser.holds_partial()) << size;
        EXPECT_EQ(parser.discarded_bytes(), 0U) << size;
    }
}

TEST(Ch9329FrameParser, SkipsNoiseBeforeAFrame) {
    FrameParser parser;
    parser.push(hex("00 FF 57 00 AB 57 57 AA") + kGetInfo);

    EXPECT_TRUE(parser.next());
    EXPECT_EQ(parser.discarded_bytes(), 8U);
}

TEST(Ch9329FrameParser, SkipsNoiseBetweenFrames) {
    EXPECT_THAT(wires_in(kGetInfo + hex("57 C0") + kAcknowledgementFrame),
                ElementsAre(kGetInfo, kAcknowledgementFrame));
}

TEST(Ch9329FrameParser, FindsAFrameBehindADoubledFirstByte) {
    EXPECT_THAT(wires_in(hex("57") + kGetInfo), ElementsAre(kGetInfo));
}

TEST(Ch9329FrameParser, FindsAFrameBehindADoubledHead) {
    EXPECT_THAT(wires_in(hex("57 AB") + kGetInfo), ElementsAre(kGetInfo));
}

TEST(Ch9329FrameParser, FindsFramesBehindAFalseHead) {
    const Bytes false_head = hex("57 AB 00 01 0B");

    EXPECT_EQ(frames_in(false_head + kGetInfo + kGetInfo).size(), 2U);
}

TEST(Ch9329FrameParser, SkipsAFrameWhoseSumIsWrong) {
    EXPECT_THAT(wires_in(hex("57 AB 00 82 01 00 86") + kGetInfo), ElementsAre(kGetInfo));
}

TEST(Ch9329FrameParser, SkipsAFrameThatWasCutShort) {
    for (std::size_t size = 1; size < kInfoFrame.size(); ++size) {
        const Bytes cut(kInfoFrame.begin(), kInfoFrame.begin() + static_cast<long>(size));
        EXPECT_THAT(wires_in(cut + kAcknowledgementFrame + kGetInfo),
                    ElementsAre(kAcknowledgementFrame, kGetInfo))
            << size;
    }
}

TEST(Ch9329FrameParser, SkipsAFrameThatLostOneByte) {
    for (std::size_t lost = 0; lost < kInfoFrame.size(); ++lost) {
        Bytes damaged = kInfoFrame;
        damaged.erase(damaged.begin() + static_cast<long>(lost));
        const auto found = wires_in(damaged + kAcknowledgementFrame + kGetInfo);
        ASSERT_FALSE(found.empty()) << lost;
        EXPECT_THAT(found, ElementsAre(kAcknowledgementFrame, kGetInfo)) << lost;
    }
}

TEST(Ch9329FrameParser, SkipsAFrameWhicheverBitIsWrong) {
    for (std::size_t bit = 0; bit < kInfoFrame.size() * 8; ++bit) {
        Bytes damaged = kInfoFrame;
        damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1U << (bit % 8)));
        EXPECT_THAT(wires_in(damaged + kAcknowledgementFrame), ElementsAre(kAcknowledgementFrame))
            << bit;
    }
}

TEST(Ch9329FrameParser, DoesNotWaitForAPayloadThatCannotBe) {
    FrameParser parser;
    parser.push(hex("57 AB 00 01 59") + kGetInfo);

    EXPECT_TRUE(parser.next());
}

TEST(Ch9329FrameParser, DropPartialFreesFramesHeldBehindAFalseHead) {
    FrameParser parser;
    parser.push(hex("57 AB 00 01 40") + kGetInfo);
    ASSERT_FALSE(parser.next());

    parser.drop_partial();

    EXPECT_TRUE(parser.next());
}

TEST(Ch9329FrameParser, GoesOnAfterAFrameThatNeverEnded) {
    FrameParser parser;
    parser.push(hex("57 AB 00 82 01"));
    ASSERT_FALSE(parser.next());
    parser.drop_partial();
    ASSERT_FALSE(parser.next());

    parser.push(kGetInfo);

    EXPECT_TRUE(parser.next());
    EXPECT_EQ(parser.discarded_bytes(), 5U);
}

TEST(Ch9329FrameParser, DiscardsTheOldestOfMoreThanItHolds) {
    const Bytes noise(FrameParser::kCapacityBytes, 0x57);
    FrameParser parser;
    parser.push(noise);

    parser.push(kGetInfo);

    EXPECT_EQ(parser.discarded_bytes(), kGetInfo.size());
    EXPECT_TRUE(parser.next());
    EXPECT_EQ(parser.discarded_bytes(), noise.size());
}

TEST(Ch9329FrameParser, KeepsTheEndOfAPushThatIsTooLong) {
    FrameParser parser;
    parser.push(hex("57 AB"));

    parser.push(Bytes(3 * FrameParser::kCapacityBytes, 0xAB) + kGetInfo);

    EXPECT_TRUE(parser.next());
    EXPECT_EQ(parser.discarded_bytes(), 2 + 3 * FrameParser::kCapacityBytes);
    EXPECT_FALSE(parser.holds_partial());
}

TEST(Ch9329FrameParser, FindsNothingInNoiseOfOneByte) {
    for (unsigned byte = 0; byte <= 0xFF; ++byte) {
        EXPECT_THAT(frames_in(Bytes(300, static_cast<std::uint8_t>(byte))), IsEmpty()) << byte;
    }
}

}  // namespace
}  // namespace minikvm::ch9329
