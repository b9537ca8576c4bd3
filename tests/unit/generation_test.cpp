// SPDX-License-Identifier: MIT
// Which generation a plugged stick is, from what of it has been seen.

#include "device/generation.h"

#include <gtest/gtest.h>

namespace minikvm {
namespace {

// docs/hardware.md 5.4.
constexpr std::uint8_t kSaysKvmGo = 0x01;
constexpr std::uint8_t kSaysMiniKvm2 = 0x02;

TEST(Generation, IsA19ByTheChipsOfA1x) {
    EXPECT_EQ(generation_of({CaptureModel::Ms2109, InputModel::Ch9329, 0x38, {}}),
              Generation::MiniKvm19);
}

TEST(Generation, IsA16OnlyWhenTheUserSaysSo) {
    EXPECT_EQ(generation_of({CaptureModel::Ms2109, InputModel::Ch9329, {}, Generation::MiniKvm16}),
              Generation::MiniKvm16);
}

TEST(Generation, IsNo16ByItsNameAloneWhenTheChipsAreOthers) {
    EXPECT_EQ(
        generation_of({CaptureModel::Ms2109s, InputModel::Ch32v208, {}, Generation::MiniKvm16}),
        Generation::MiniKvm2);
}

TEST(Generation, IsToldByTheCaptureChipUntilTheInputChipHasAnswered) {
    EXPECT_EQ(generation_of({CaptureModel::Ms2109s, InputModel::Ch32v208, {}, {}}),
              Generation::MiniKvm2);
    EXPECT_EQ(generation_of({CaptureModel::Ms2130s, InputModel::Ch32v208, {}, {}}),
              Generation::KvmGo);
}

TEST(Generation, IsAKvmGoWithAVgaPlugWhenItsInputChipSaysSo) {
    EXPECT_EQ(generation_of({CaptureModel::Ms2109s, InputModel::Ch32v208, kSaysKvmGo, {}}),
              Generation::KvmGo);
    EXPECT_EQ(generation_of({CaptureModel::Ms2109s, InputModel::Ch32v208, kSaysMiniKvm2, {}}),
              Generation::MiniKvm2);
}

TEST(Generation, IsKnownByOneHalfAlone) {
    EXPECT_EQ(generation_of({CaptureModel::Ms2109, {}, {}, {}}), Generation::MiniKvm19);
    EXPECT_EQ(generation_of({{}, InputModel::Ch32v208, kSaysKvmGo, {}}), Generation::KvmGo);
}

TEST(Generation, IsNoneOfOthersChips) {
    EXPECT_EQ(generation_of({}), std::nullopt);
    EXPECT_EQ(capture_model({0x345F, 0x2130}), std::nullopt);
    EXPECT_EQ(capture_model({0x345F, 0x2131}), std::nullopt);  // NanoKVM-USB
    EXPECT_EQ(input_model({0x1A86, 0x55E0}), std::nullopt);    // a CH32V208 being flashed
}

// The table of docs/hardware.md 0.
TEST(Generation, HasTheSwitchOfItsBoard) {
    EXPECT_EQ(facts_of(Generation::MiniKvm16).switch_way, SwitchWay::SlideOnly);
    EXPECT_EQ(facts_of(Generation::MiniKvm19).switch_way, SwitchWay::CaptureCell);
    EXPECT_EQ(facts_of(Generation::MiniKvm2).switch_way, SwitchWay::SerialCommand);
    EXPECT_EQ(facts_of(Generation::KvmGo).switch_way, SwitchWay::SerialCommand);
}

TEST(Generation, GivesPowerByDtrOnA19Alone) {
    for (const GenerationFacts& facts : generations()) {
        EXPECT_EQ(facts.power_line == Has::Yes, facts.generation == Generation::MiniKvm19)
            << facts.name;
    }
}

TEST(Generation, IsFoundByItsName) {
    EXPECT_EQ(generation_named("kvm-go"), Generation::KvmGo);
    EXPECT_EQ(generation_named("auto"), std::nullopt);
}

TEST(UsbId, IsFourHexadecimalDigitsTwice) {
    EXPECT_EQ(parse_usb_id("1a86", "fe0c"), kCh32v208);
    for (const char* wrong : {"", "1a8", "1a86 ", "0x1a", "1a86f", "zzzz"}) {
        EXPECT_EQ(parse_usb_id(wrong, "fe0c"), std::nullopt) << wrong;
    }
}

}  // namespace
}  // namespace minikvm
