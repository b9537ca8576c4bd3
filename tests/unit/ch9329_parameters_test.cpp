// SPDX-License-Identifier: MIT
// The parameter block of a CH9329, as a sold stick has it.

#include "protocol/ch9329_parameters.h"

#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/unit/error_of.h"
#include "tests/unit/protocol_bytes.h"

namespace minikvm::ch9329 {
namespace {

using std::chrono_literals::operator""ms;

// A sold stick's answer, from the vendor's issue 141 (docs/hardware.md 5.5).
const Bytes kSoldStick = hex("57 AB 00 88 32 82 80 00 00 01 C2 00 08 00 00 03 86 1A 29 E1 00 00 00 "
                             "01 00 0D") +
                         zeros(29) + hex("44");

// What the vendor's software sends for 115200 and for 9600 (docs/hardware.md 5.6).
const Bytes kSet115200 = hex("57 AB 00 09 32 02 80 00 00 01 C2 00 08 00 00 03 86 1A 29 E1 00 00 00 "
                             "01 00 0D") +
                         zeros(29) + hex("45");
const Bytes kSet9600 = hex("57 AB 00 09 32 02 80 00 00 00 25 80 08 00 00 03 86 1A 29 E1 00 00 00 "
                           "01 00 0D") +
                       zeros(29) + hex("27");

Frame sold_stick() {
    return frames_in(kSoldStick).at(0);
}

TEST(Ch9329Parameters, ReadWhatASoldStickAnswers) {
    const Parameters parameters = Parameters::parse(sold_stick()).value();

    EXPECT_EQ(parameters.working_mode(), WorkingMode::KeyboardMouse);
    EXPECT_TRUE(parameters.mode_by_pins());
    EXPECT_EQ(parameters.serial_mode(), 0x80);
    EXPECT_EQ(parameters.address(), 0x00);
    EXPECT_EQ(parameters.speed_bd(), 115200U);
    EXPECT_EQ(parameters.packet_interval(), 3ms);
    EXPECT_EQ(parameters.vendor_id(), 0x1A86);
    EXPECT_EQ(parameters.product_id(), 0xE129);
}

TEST(Ch9329Parameters, WriteBackWhatWasNotChanged) {
    const Parameters parameters = Parameters::parse(sold_stick()).value();

    const Bytes sent = wire(set_parameters(parameters));

    EXPECT_EQ(Bytes(sent.begin() + 5, sent.end() - 1),
              Bytes(kSoldStick.begin() + 5, kSoldStick.end() - 1));
}

TEST(Ch9329Parameters, SetTheHighSpeedAsTheVendorDoes) {
    Parameters parameters = Parameters::parse(sold_stick()).value();
    parameters.set_working_mode(WorkingMode::KeyboardMouse);

    EXPECT_EQ(wire(set_parameters(parameters)), kSet115200);
}

TEST(Ch9329Parameters, SetTheFactorySpeedAsTheVendorDoes) {
    Parameters parameters = Parameters::parse(sold_stick()).value();
    parameters.set_working_mode(WorkingMode::KeyboardMouse);
    parameters.set_speed(9600);

    EXPECT_EQ(wire(set_parameters(parameters)), kSet9600);
    EXPECT_EQ(parameters.speed_bd(), 9600U);
    EXPECT_FALSE(parameters.mode_by_pins());
}

TEST(Ch9329Parameters, AreTheFirstFiftyBytesOfALongerAnswer) {
    for (const std::uint8_t size : {std::uint8_t{72}, std::uint8_t{88}}) {
        Frame frame = sold_stick();
        frame.payload_size = size;
        frame.payload[60] = 0xEE;
        EXPECT_EQ(Parameters::parse(frame).value(), Parameters::parse(sold_stick()).value())
            << int{size};
    }
}

// Every way this input can be wrong.

TEST(Ch9329Parameters, AreRefusedWhenShort) {
    for (std::uint8_t size = 0; size < kParameterBytes; ++size) {
        Frame frame = sold_stick();
        frame.payload_size = size;
        EXPECT_EQ(error_of(Parameters::parse(frame)), ProtocolError::BadReply) << int{size};
    }
}

TEST(Ch9329Parameters, AreRefusedWithAWorkingModeThatDoesNotExist) {
    for (const std::uint8_t mode : hex("04 7F 84 FF")) {
        Frame frame = sold_stick();
        frame.payload[0] = mode;
        EXPECT_EQ(error_of(Parameters::parse(frame)), ProtocolError::BadReply) << int{mode};
    }
}

TEST(Ch9329Parameters, AreRefusedWithASerialModeThatDoesNotExist) {
    for (const std::uint8_t mode : hex("03 83 FF")) {
        Frame frame = sold_stick();
        frame.payload[1] = mode;
        EXPECT_EQ(error_of(Parameters::parse(frame)), ProtocolError::BadReply) << int{mode};
    }
}

TEST(Ch9329Parameters, AreRefusedFromAnotherAnswer) {
    EXPECT_EQ(error_of(Parameters::parse(frame_in("57 AB 00 C8 01 E3 AE"))),
              ProtocolError::Refused);
    EXPECT_EQ(error_of(Parameters::parse(frame_in("57 AB 00 82 01 00 85"))),
              ProtocolError::BadReply);
}

}  // namespace
}  // namespace minikvm::ch9329
