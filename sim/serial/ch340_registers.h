// SPDX-License-Identifier: MIT
// Ch340Registers: the register file behind the CH340's vendor requests.

#pragma once

#include <array>
#include <cstdint>

namespace minikvm::sim {

/// Shape:   registers are written and read in pairs, as requests 9A and 95 name them: the number
///          and value in the low byte, and another in the high byte.
/// Thread:  the thread that made it.
/// Source:  hardware.md 8.2, after Linux's ch341.c.
class Ch340Registers final {
public:
    Ch340Registers();

    void write_pair(std::uint16_t numbers, std::uint16_t values);
    std::array<std::uint8_t, 2> read_pair(std::uint16_t numbers) const;

    /// What the divisor makes of the 48 MHz clock: 115385 for CC83, 9615 for B282.
    unsigned speed_bd() const;

    /// The level of the one status line that is wired: CTS, from the CH9329's UP pin.
    void flip_cts();

    /// The status register, whose low four bits are inverted: CTS, DSR, RI, DCD.
    std::uint8_t modem_status() const;

private:
    std::array<std::uint8_t, 256> registers_{};
};

}  // namespace minikvm::sim
