// SPDX-License-Identifier: MIT
// What a CH9329 keeps without power: its parameter block, its USB strings.

#include "sim/serial/ch9329_settings.h"

#include <algorithm>

namespace minikvm::sim {
namespace {

constexpr std::size_t kSpeedAt = 3;
constexpr std::size_t kIntervalAt = 9;
constexpr std::uint8_t kByPins = 0x80;

// The datasheet's list (hardware.md 5.1 has its ends).
constexpr std::array<unsigned, 9> kSpeedsBd = {1200,  2400,  4800,  9600,  14400,
                                               19200, 38400, 57600, 115200};

// The first 21 bytes of the real answer in hardware.md 5.5; all others are 00.
constexpr std::array<std::uint8_t, 21> kVendorAppBlock = {0x82, 0x80, 0x00, 0x00, 0x01, 0xC2, 0x00,
                                                          0x08, 0x00, 0x00, 0x03, 0x86, 0x1A, 0x29,
                                                          0xE1, 0x00, 0x00, 0x00, 0x01, 0x00, 0x0D};
constexpr std::array<std::uint8_t, 4> kSpeed9600 = {0x00, 0x00, 0x25, 0x80};

unsigned speed_in(std::span<const std::uint8_t, kParameterBytes> block) {
    unsigned speed_bd = 0;
    for (const std::uint8_t byte : block.subspan<kSpeedAt, 4>()) {
        speed_bd = speed_bd << 8U | byte;
    }
    return speed_bd;
}

}  // namespace

Ch9329Settings Ch9329Settings::vendor_app() {
    Ch9329Settings settings;
    std::copy(kVendorAppBlock.begin(), kVendorAppBlock.end(), settings.block_.begin());
    return settings;
}

Ch9329Settings Ch9329Settings::factory() {
    Ch9329Settings settings = vendor_app();
    std::copy(kSpeed9600.begin(), kSpeed9600.end(), settings.block_.begin() + kSpeedAt);
    return settings;
}

bool Ch9329Settings::acceptable(std::span<const std::uint8_t, kParameterBytes> block,
                                const Ch9329Options& options) {
    const bool mode_fits = block[0] <= 0x03;
    const bool serial_mode_fits =
        block[1] <= 0x02 || (options.set_accepts_pin_serial_mode && block[1] >= kByPins &&
                             block[1] <= (kByPins | 0x02));
    const bool address_fits = block[2] != 0xFF;
    const bool speed_fits =
        std::find(kSpeedsBd.begin(), kSpeedsBd.end(), speed_in(block)) != kSpeedsBd.end();
    return mode_fits && serial_mode_fits && address_fits && speed_fits;
}

WorkingMode Ch9329Settings::working_mode() const {
    return static_cast<WorkingMode>(block_[0] & 0x03U);
}

unsigned Ch9329Settings::speed_bd() const {
    return speed_in(block_);
}

std::chrono::milliseconds Ch9329Settings::packet_interval() const {
    return std::chrono::milliseconds(block_[kIntervalAt] << 8U | block_[kIntervalAt + 1]);
}

void Ch9329Settings::set_block(std::span<const std::uint8_t, kParameterBytes> block) {
    std::copy(block.begin(), block.end(), block_.begin());
}

}  // namespace minikvm::sim
