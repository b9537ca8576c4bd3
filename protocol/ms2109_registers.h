// SPDX-License-Identifier: MIT
// Registers of the MS21xx capture chips: where they are, what their bytes say.

#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "common/result.h"
#include "protocol/switch_position.h"

namespace minikvm::ms2109 {

/// Source:  docs/hardware.md 3.4 (the vendor's QT application, video/ms2109.h).
/// Limits:  all but ChipType and HdmiStatus are variables of the vendor's firmware, and mean
///          something else under another. High byte first, never atomic: read until two agree.
enum class RegisterAddress : std::uint16_t {
    ChipType = 0xF800,        // kChipTypeMs2109
    HdmiStatus = 0xFA8C,      // bit 0: connected
    WidthHigh = 0xC6AF,       //
    WidthLow = 0xC6B0,        //
    HeightHigh = 0xC6B1,      //
    HeightLow = 0xC6B2,       //
    RateHigh = 0xC6B5,        // frames a second x 100
    RateLow = 0xC6B6,         //
    PixelClockHigh = 0xC73C,  // MHz x 100
    PixelClockLow = 0xC73D,   //
    Version0 = 0xCBDC,        // two decimal digits each
    Version1 = 0xCBDD,        //
    Version2 = 0xCBDE,        //
    Version3 = 0xCBDF,        //
    Slide = 0xDF00,           // GPIO0, bit 0
    Switch = 0xDF01,          // SPDIFOUT, switch_bit()
};

inline constexpr std::uint8_t kChipTypeMs2109 = 0xA7;

/// What a chip makes of an input's size.
enum class SizeCells : std::uint8_t {
    HalvedAbove189MHz,  // unless they are 4096 or 2160 already
    HalvedUhdHeight,    // 3840x1080 is 3840x2160
    Whole,
};

/// Where a chip of the family keeps what is read of it. Of two bytes the high one is named, the low
/// one is the next; of the version the first of four.
struct RegisterMap {
    RegisterAddress hdmi_status;
    RegisterAddress width;
    RegisterAddress height;
    RegisterAddress rate;
    RegisterAddress pixel_clock;
    RegisterAddress version;
    SizeCells size_cells;
    bool has_switch_cells;  // Slide and Switch
};

inline constexpr RegisterMap kMs2109Map = {
    RegisterAddress::HdmiStatus,     RegisterAddress::WidthHigh,
    RegisterAddress::HeightHigh,     RegisterAddress::RateHigh,
    RegisterAddress::PixelClockHigh, RegisterAddress::Version0,
    SizeCells::HalvedAbove189MHz,    true};

/// Whether this chip halves sizes too is not known (U).
inline constexpr RegisterMap kMs2109sMap = {RegisterAddress{0xFD9C}, RegisterAddress{0xC703},
                                            RegisterAddress{0xC705}, RegisterAddress{0xC617},
                                            RegisterAddress{0xC8C5}, RegisterAddress{0xCBDC},
                                            SizeCells::Whole,        false};

/// One vendor application assumes Slide and Switch here too, another has none (U): a KVM-GO's port
/// is moved by its input chip in any case.
inline constexpr RegisterMap kMs2130sMap = {RegisterAddress{0xFA8D},    RegisterAddress{0x1CFC},
                                            RegisterAddress{0x1CFE},    RegisterAddress{0x1D02},
                                            RegisterAddress{0x1D00},    RegisterAddress{0x1FDC},
                                            SizeCells::HalvedUhdHeight, false};

constexpr RegisterAddress next(RegisterAddress address, unsigned by = 1) {
    return static_cast<RegisterAddress>(static_cast<unsigned>(address) + by);
}

/// The four version bytes.
struct FirmwareVersion {
    std::array<std::uint8_t, 4> bytes{};

    /// "24081309" for 18 08 0D 09: two decimal digits a byte, FF as 00 (docs/hardware.md 3.5).
    std::string text() const;

    /// Whether this is firmware of the Mini-KVM's vendor, whose cells are known: its versions are
    /// dates, yymmdd and a number, of the board's lifetime (2024 on). Factory firmware keeps other
    /// things in the same cells (docs/hardware.md 3.4).
    bool is_known() const;

    bool operator==(const FirmwareVersion&) const = default;
};

/// What the four pairs of cells hold, as read.
struct ModeCells {
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    std::uint16_t rate = 0;         // frames a second x 100
    std::uint16_t pixel_clock = 0;  // MHz x 100

    bool operator==(const ModeCells&) const = default;
};

/// The picture that comes in.
struct InputMode {
    int width_px = 0;
    int height_px = 0;
    int rate_centihertz = 0;  // 5994 is 59.94 Hz
    int pixel_clock_khz = 0;

    bool operator==(const InputMode&) const = default;
};

/// Thread:  any thread.
bool hdmi_connected(std::uint8_t hdmi_status);

/// Limits:  the cells are stale while HDMI is not connected.
/// Errors:  ProtocolError::BadReply when no such picture can come in (a mode change read half-way,
///          or firmware that keeps other things there).
/// Source:  docs/hardware.md 3.5.
Result<InputMode> decode_mode(const ModeCells& cells,
                              SizeCells size_cells = SizeCells::HalvedAbove189MHz);

/// The slide switch on the case.
/// Errors:  not_supported when the firmware is not known to have this cell.
Result<SwitchPosition> slide_position(const FirmwareVersion& version, std::uint8_t slide);

/// The bit of the Switch cell that moves the USB-A port: set is target.
/// Errors:  not_supported when the firmware is not known to have this cell.
/// Source:  docs/hardware.md 4.2.
Result<std::uint8_t> switch_bit(const FirmwareVersion& version);

SwitchPosition switch_position(std::uint8_t cell, std::uint8_t bit);
std::uint8_t with_switch_position(std::uint8_t cell, std::uint8_t bit, SwitchPosition position);

}  // namespace minikvm::ms2109
