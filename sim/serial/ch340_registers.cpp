// SPDX-License-Identifier: MIT
// Ch340Registers: the register file behind the CH340's vendor requests.

#include "sim/serial/ch340_registers.h"

namespace minikvm::sim {
namespace {

constexpr std::uint8_t kStatus = 0x06;
constexpr std::uint8_t kStatusHigh = 0x07;
constexpr std::uint8_t kPrescaler = 0x12;
constexpr std::uint8_t kDivisor = 0x13;
constexpr std::uint8_t kLineControl = 0x18;

constexpr std::uint8_t kIdleStatus = 0x9F;  // an idle chip answers 9F EE to 95 0706
constexpr std::uint8_t kIdleStatusHigh = 0xEE;
constexpr std::uint8_t kCts = 0x01;
constexpr std::uint8_t kLineControl8N1 = 0xC3;
constexpr unsigned kClockHz = 48'000'000;

constexpr std::uint8_t low(std::uint16_t pair) {
    return static_cast<std::uint8_t>(pair & 0xFFU);
}
constexpr std::uint8_t high(std::uint16_t pair) {
    return static_cast<std::uint8_t>(pair >> 8U);
}

}  // namespace

Ch340Registers::Ch340Registers() {
    registers_[kStatus] = kIdleStatus;
    registers_[kStatusHigh] = kIdleStatusHigh;
    registers_[kLineControl] = kLineControl8N1;
    registers_[kPrescaler] = 0x82;  // 9600 Bd. What it wakes up with is not known; drivers set it.
    registers_[kDivisor] = 0xB2;
}

void Ch340Registers::write_pair(std::uint16_t numbers, std::uint16_t values) {
    registers_.at(low(numbers)) = low(values);
    registers_.at(high(numbers)) = high(values);
}

std::array<std::uint8_t, 2> Ch340Registers::read_pair(std::uint16_t numbers) const {
    return {registers_.at(low(numbers)), registers_.at(high(numbers))};
}

/// rate = 48 MHz / (2^(12 - 3 ps - fact) div), with ps in bits 0..1 and fact in bit 2 of the
/// prescaler, div counted down from 256.
unsigned Ch340Registers::speed_bd() const {
    const unsigned prescaler = registers_[kPrescaler] & 0x03U;
    const unsigned factor = registers_[kPrescaler] >> 2U & 0x01U;
    const unsigned divisor = 256U - registers_[kDivisor];
    const unsigned divided_by = (1U << (12U - 3U * prescaler - factor)) * divisor;
    return (kClockHz + divided_by / 2) / divided_by;
}

void Ch340Registers::flip_cts() {
    registers_[kStatus] ^= kCts;
}

std::uint8_t Ch340Registers::modem_status() const {
    return registers_[kStatus];
}

}  // namespace minikvm::sim
