// SPDX-License-Identifier: MIT
// RegisterFile: the memory of the MS2109 that its HID interface reads.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/result.h"
#include "sim/ms2109/input_mode.h"
#include "sim/side.h"

namespace minikvm::sim {

inline constexpr std::size_t kFeatureBytes = 8;  // of the one feature report
using FeatureReport = std::array<std::uint8_t, kFeatureBytes>;

/// As the version cells have it: eight decimal digits, e.g. "24081309".
struct FirmwareVersion {
    std::array<std::uint8_t, 4> pairs = {24, 8, 13, 9};

    static Result<FirmwareVersion> parse(const std::string& text);
    std::string text() const;
};

/// Shape:   set_report() is one command, get_report() the answer to the last one, whoever gave it.
///          What the chip measures is set by the set_ functions; the switch is moved by the host,
///          through a cell of the firmware, which on_switch() tells of.
/// Limits:  cells that the firmware keeps up to date ignore being written.
/// Thread:  the thread that made it.
/// Source:  hardware.md sections 3 and 4.2.
class RegisterFile final {
public:
    explicit RegisterFile(const FirmwareVersion& version);

    void set_report(const FeatureReport& report);
    FeatureReport get_report();

    /// As after both cables were out: the switch is at the host, the EEPROM keeps its bytes.
    void power_up();

    void set_input(const std::optional<InputMode>& mode);
    void set_slide(Side side);

    /// Where SPDIFOUT drives the mux. The bit of the cell depends on the firmware's version.
    Side selected() const;
    void on_switch(std::function<void()> callback) { switched_ = std::move(callback); }

    std::uint8_t cell(std::uint16_t address) const { return memory_[address]; }

private:
    std::uint8_t read(std::uint16_t address);
    void write(std::uint16_t address, std::uint8_t value);
    std::uint8_t switch_bit() const;
    void put_word(std::uint16_t address, unsigned value);
    void make_eeprom();

    FirmwareVersion version_;
    std::vector<std::uint8_t> memory_;
    std::vector<std::uint8_t> eeprom_;
    FeatureReport last_{};
    std::uint8_t restless_ = 0;
    std::optional<InputMode> input_;
    Side slide_ = Side::Host;
    std::function<void()> switched_;
};

}  // namespace minikvm::sim
