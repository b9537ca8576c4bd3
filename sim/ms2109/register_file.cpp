// SPDX-License-Identifier: MIT
// Cells, commands, EEPROM of a capture chip.

#include "sim/ms2109/register_file.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

namespace minikvm::sim {
namespace {

// hardware.md 3.3.
constexpr std::uint8_t kReadMemory = 0xB5;
constexpr std::uint8_t kWriteMemory = 0xB6;
constexpr std::uint8_t kReadEeprom = 0xE5;
constexpr std::uint8_t kWriteEeprom = 0xE6;

// hardware.md 3.4.
constexpr std::uint16_t kChipType = 0xF800;
constexpr std::uint16_t kGpio0 = 0xDF00;
constexpr std::uint16_t kSpdifOut = 0xDF01;
constexpr std::uint16_t kRestlessFirst = 0x0040;
constexpr std::uint16_t kRestlessLast = 0x0070;
constexpr std::size_t kFourBytes = 4;

// Above this pixel clock the size cells hold half of it (hardware.md 3.5).
constexpr unsigned kHalvedAboveTenKilohertz = 18900;

// hardware.md 4.2: firmware from this version on uses bit 0, older ones bit 4.
constexpr std::array<std::uint8_t, 4> kFirstWithBit0 = {24, 8, 13, 9};
constexpr std::uint8_t kBit0 = 0x01;
constexpr std::uint8_t kBit4 = 0x10;

// hardware.md 3.6; the chip on the board is an AT24C16.
constexpr std::size_t kMemoryBytes = 0x10000;
constexpr std::size_t kEepromBytes = 2048;
constexpr std::size_t kHeaderBytes = 0x30;
constexpr std::size_t kVersionAt = 0x0C;
constexpr std::size_t kVideoNameAt = 0x10;
constexpr std::size_t kAudioNameAt = 0x20;

constexpr std::size_t kValueAt = 3;  // in a report; buf[4] of hidraw, which puts an ID before it

void put_name(std::span<std::uint8_t> field, std::string_view name) {
    field[0] = static_cast<std::uint8_t>(name.size() + 1);
    std::copy(name.begin(), name.end(), field.begin() + 1);
}

}  // namespace

Result<FirmwareVersion> FirmwareVersion::parse(const std::string& text) {
    if (text == "factory") {
        return factory();
    }
    FirmwareVersion version;
    const auto bad = make_error(std::make_error_code(std::errc::invalid_argument),
                                fmt::format("\"{}\" is not a firmware version of eight digits "
                                            "such as 24081309, nor \"factory\"",
                                            text));
    if (text.size() != 2 * version.pairs.size()) {
        return bad;
    }
    for (std::size_t i = 0; i < version.pairs.size(); ++i) {
        const char* const pair = text.data() + 2 * i;
        const auto result = std::from_chars(pair, pair + 2, version.pairs.at(i));
        if (result.ec != std::errc() || result.ptr != pair + 2) {
            return bad;
        }
    }
    return version;
}

std::string FirmwareVersion::text() const {
    return fmt::format("{:02}{:02}{:02}{:02}", pairs[0], pairs[1], pairs[2], pairs[3]);
}

RegisterFile::RegisterFile(const FirmwareVersion& version, CaptureChip chip)
    : cells_(cell_map(chip)),
      version_(version),
      memory_(kMemoryBytes),
      eeprom_(kEepromBytes, 0xFF) {
    make_eeprom();
    power_up();
}

// What the firmware writes itself, again and again.
bool RegisterFile::is_measured(std::uint16_t address) const {
    const auto in_word = [address](std::uint16_t high) {
        return high != 0 && (address == high || address == high + 1);
    };
    const bool is_state = address == kChipType || address == cells_.connected ||
                          (address >= kRestlessFirst && address <= kRestlessLast) ||
                          (cells_.has_switch && address == kGpio0);
    return is_state || std::ranges::any_of(cells_.words(), in_word);
}

void RegisterFile::make_eeprom() {
    std::fill_n(eeprom_.begin(), kHeaderBytes, std::uint8_t{0xFF});
    eeprom_[0] = 0xA5;
    eeprom_[1] = 0x5A;
    // The firmware's length; the rest of the EEPROM stands for it.
    constexpr std::size_t kCodeBytes = kEepromBytes - 52;
    eeprom_[2] = static_cast<std::uint8_t>(kCodeBytes >> 8);
    eeprom_[3] = static_cast<std::uint8_t>(kCodeBytes & 0xFF);
    std::copy(version_.pairs.begin(), version_.pairs.end(), eeprom_.begin() + kVersionAt);
    put_name(std::span(eeprom_).subspan(kVideoNameAt, 16), "Openterface");
    put_name(std::span(eeprom_).subspan(kAudioNameAt, 16), "OpenterfaceA");
}

void RegisterFile::power_up() {
    std::fill(memory_.begin(), memory_.end(), std::uint8_t{0});
    last_ = {};
    memory_[kChipType] = cells_.chip_type;
    std::copy_n(eeprom_.begin(), kHeaderBytes, memory_.begin() + cells_.header_copy);
    unsettled_.clear();
    set_input(input_);
    set_slide(slide_);
    if (!is_vendors()) {
        put_foreign_cells();
    }
}

void RegisterFile::flash(const FirmwareVersion& version) {
    version_ = version;
    make_eeprom();
    power_up();
    if (switched_) {
        switched_();
    }
}

void RegisterFile::set_report(const FeatureReport& report) {
    before_ = std::exchange(last_, report);
    answered_ = false;
    const auto address = static_cast<std::uint16_t>(report[1] << 8 | report[2]);
    if (report[0] == kWriteMemory) {
        write(address, report[kValueAt]);
    } else if (report[0] == kWriteEeprom && cells_.has_eeprom) {
        eeprom_[address % kEepromBytes] = report[kValueAt];
    }
}

FeatureReport RegisterFile::get_report() {
    const bool first = !std::exchange(answered_, true);
    if (first && last_[0] == kReadMemory && fault_ == ReadFault::Late) {
        return answer_to(before_);
    }
    if (first && last_[0] == kReadMemory && fault_ == ReadFault::WrongAddress) {
        FeatureReport beside = last_;
        ++beside[2];
        return answer_to(beside);
    }
    return answer_to(last_);
}

FeatureReport RegisterFile::answer_to(const FeatureReport& request) {
    const auto address = static_cast<std::uint16_t>(request[1] << 8 | request[2]);
    FeatureReport answer = request;
    if (request[0] == kReadMemory) {
        // The bytes after the value are undefined; ours repeat what was asked (hardware.md 3.2).
        answer[kValueAt] = read(address);
        for (std::size_t next = 1; cells_.reads_four_bytes && next < kFourBytes; ++next) {
            answer.at(kValueAt + next) = memory_[(address + next) % kMemoryBytes];
        }
    } else if (request[0] == kReadEeprom && cells_.has_eeprom) {
        for (std::size_t i = kValueAt; i < answer.size(); ++i) {
            answer.at(i) = eeprom_[(address + i - kValueAt) % kEepromBytes];
        }
    }
    return answer;
}

std::uint8_t RegisterFile::read(std::uint16_t address) {
    if (address >= kRestlessFirst && address <= kRestlessLast) {
        return ++restless_;
    }
    const std::uint8_t value = memory_[address];
    if (!unsettled_.empty() && --reads_to_settle_ <= 0) {
        for (const auto& [low, settled] : std::exchange(unsettled_, {})) {
            memory_[low] = settled;
        }
    }
    return value;
}

void RegisterFile::write(std::uint16_t address, std::uint8_t value) {
    if (is_measured(address)) {
        return;
    }
    memory_[address] = value;
    if (address == kSpdifOut && cells_.has_switch && is_vendors() && switched_) {
        switched_();
    }
}

void RegisterFile::set_input(const std::optional<InputMode>& mode) {
    input_ = mode;
    memory_[cells_.connected] = mode ? 1 : 0;
    if (!mode) {
        return;  // the other cells keep what they measured last
    }
    if (is_vendors()) {
        put_mode(*mode);
    }
}

// hardware.md 3.4: what the vendor's application then shows is "43184x24228@44Hz".
void RegisterFile::put_foreign_cells() {
    put_word(cells_.width, 43184);
    put_word(cells_.height, 24228);
    put_word(cells_.rate, 4400);
    memory_[kGpio0] = 0x5A;
    memory_[kSpdifOut] = 0xC5;
}

void RegisterFile::put_mode(const InputMode& mode) {
    const unsigned clock = mode.pixel_clock_ten_kilohertz();
    const bool halved = cells_.halves_size && clock > kHalvedAboveTenKilohertz;
    const unsigned divisor = halved ? 2 : 1;
    const bool is_tall =
        cells_.halves_uhd_height && mode.width_px == 3840 && mode.height_px == 2160;
    put_word(cells_.width, mode.width_px / divisor);
    put_word(cells_.height, mode.height_px / (is_tall ? 2 : divisor));
    put_word(cells_.rate, mode.rate_centihertz);
    put_word(cells_.pixel_clock, clock);
    put_word(cells_.horizontal_total, mode.horizontal_total);
    put_word(cells_.vertical_total, mode.vertical_total);
    put_word(cells_.horizontal_sync_start, mode.horizontal_sync_start);
    put_word(cells_.horizontal_sync_width, mode.horizontal_sync_width);
    put_word(cells_.vertical_sync_start, mode.vertical_sync_start);
    put_word(cells_.vertical_sync_width, mode.vertical_sync_width);
}

void RegisterFile::set_slide(Side side) {
    slide_ = side;
    if (!is_vendors() || !cells_.has_switch) {
        return;
    }
    memory_[kGpio0] = side == Side::Target ? 1 : 0;
}

Side RegisterFile::selected() const {
    const bool is_target =
        is_vendors() && cells_.has_switch && (memory_[kSpdifOut] & switch_bit()) != 0;
    return is_target ? Side::Target : Side::Host;
}

std::uint8_t RegisterFile::switch_bit() const {
    return version_.pairs >= kFirstWithBit0 ? kBit0 : kBit4;
}

void RegisterFile::put_word(std::uint16_t address, unsigned value) {
    if (address == 0) {
        return;  // the chip has no such cell
    }
    const auto low = static_cast<std::uint16_t>(address + 1U);
    memory_[address] = static_cast<std::uint8_t>(value >> 8);
    if (fault_ == ReadFault::Torn) {
        unsettled_.emplace_back(low, static_cast<std::uint8_t>(value));
        reads_to_settle_ = kTornReads;
    } else {
        memory_[low] = static_cast<std::uint8_t>(value);
    }
}

}  // namespace minikvm::sim
