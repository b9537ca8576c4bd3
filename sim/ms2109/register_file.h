// SPDX-License-Identifier: MIT
// RegisterFile: the memory of a capture chip that its HID interface reads.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/result.h"
#include "sim/ms2109/capture_chip.h"
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

    /// What the chip's maker delivers: the cells of the Mini-KVM's vendor hold other things there.
    static constexpr FirmwareVersion factory() { return {{0xFF, 0xFF, 0xFF, 0xFF}}; }

    bool operator==(const FirmwareVersion&) const = default;
};

/// What is wrong with answers to reads; the second answer to the same question is right.
enum class ReadFault {
    None,
    Late,          // the first answer is the one to the question before
    WrongAddress,  // the first answer is that of the cell beside
    Torn,          // after a change of mode the low bytes stay old for kTornReads reads
};

/// Shape:   set_report() is one command, get_report() the answer to the last one, whoever gave it.
///          What the chip measures is set by the set_ functions; the switch is moved by the host,
///          through a cell of the firmware, which on_switch() tells of.
/// Limits:  cells that the firmware keeps up to date ignore being written.
/// Thread:  the thread that made it.
/// Source:  hardware.md sections 3 and 4.2; capture_chip.h has the cells of each chip.
class RegisterFile final {
public:
    explicit RegisterFile(const FirmwareVersion& version, CaptureChip chip = CaptureChip::Ms2109);

    void set_report(const FeatureReport& report);
    FeatureReport get_report();

    static constexpr int kTornReads = 3;
    void set_read_fault(ReadFault fault) { fault_ = fault; }

    /// Puts other firmware on the chip, which starts anew.
    void flash(const FirmwareVersion& version);

    /// As after both cables were out: the switch is at the host, the EEPROM keeps its bytes.
    void power_up();

    void set_input(const std::optional<InputMode>& mode);
    void set_slide(Side side);

    /// Where SPDIFOUT drives the mux. The bit of the cell depends on the firmware's version.
    Side selected() const;
    void on_switch(std::function<void()> callback) { switched_ = std::move(callback); }

    bool has_input() const { return input_.has_value(); }
    std::uint8_t cell(std::uint16_t address) const { return memory_[address]; }

private:
    FeatureReport answer_to(const FeatureReport& request);
    bool is_vendors() const { return version_ != FirmwareVersion::factory(); }
    void put_mode(const InputMode& mode);
    void put_foreign_cells();
    bool is_measured(std::uint16_t address) const;
    std::uint8_t read(std::uint16_t address);
    void write(std::uint16_t address, std::uint8_t value);
    std::uint8_t switch_bit() const;
    void put_word(std::uint16_t address, unsigned value);
    void make_eeprom();

    const CellMap& cells_;
    FirmwareVersion version_;
    std::vector<std::uint8_t> memory_;
    std::vector<std::uint8_t> eeprom_;
    FeatureReport last_{};
    FeatureReport before_{};  // the request before the last
    ReadFault fault_ = ReadFault::None;
    bool answered_ = false;                                          // the last request has had one
    std::vector<std::pair<std::uint16_t, std::uint8_t>> unsettled_;  // low bytes to come
    int reads_to_settle_ = 0;
    std::uint8_t restless_ = 0;
    std::optional<InputMode> input_;
    Side slide_ = Side::Host;
    std::function<void()> switched_;
};

}  // namespace minikvm::sim
