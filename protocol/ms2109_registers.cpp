// SPDX-License-Identifier: MIT
// Registers of the MS21xx capture chips.

#include "protocol/ms2109_registers.h"

#include <system_error>

#include "protocol/errors.h"

namespace minikvm::ms2109 {
namespace {

constexpr std::uint8_t kHdmiConnectedBit = 0x01;
constexpr std::uint8_t kSlideTargetBit = 0x01;

// Above this pixel clock the cells hold halves, but for values that are whole already (3.5).
constexpr int kHighestWholeClock = 18900;
constexpr int kWholeWidth = 4096;
constexpr int kWholeHeight = 2160;
constexpr int kUhdWidth = 3840;

// No picture of less than a hundred lines or columns comes in (3.5), none above 4096x2160 (2.1).
constexpr int kLeastSide = 100;

// The bit moved with the firmware of 2024-08-13 (4.2).
constexpr FirmwareVersion kFirstWithLowBit = {{24, 8, 13, 9}};
constexpr std::uint8_t kLowBit = 0x01;
constexpr std::uint8_t kHighBit = 0x10;

// "Two decimal digits" of FF are 00 (3.5).
std::uint8_t version_part(std::uint8_t byte) {
    return byte == 0xFF ? 0 : byte;
}

bool between(int value, int least, int most) {
    return value >= least && value <= most;
}

}  // namespace

std::string FirmwareVersion::text() const {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        const std::string digits = std::to_string(version_part(byte));
        text += digits.size() < 2 ? "0" + digits : digits;
    }
    return text;
}

bool FirmwareVersion::is_known() const {
    return between(bytes[0], 24, 99) && between(bytes[1], 1, 12) && between(bytes[2], 1, 31) &&
           between(bytes[3], 0, 99);
}

bool hdmi_connected(std::uint8_t hdmi_status) {
    return (hdmi_status & kHdmiConnectedBit) != 0;
}

Result<InputMode> decode_mode(const ModeCells& cells, SizeCells size_cells) {
    InputMode mode;
    mode.width_px = cells.width;
    mode.height_px = cells.height;
    mode.rate_centihertz = cells.rate;
    mode.pixel_clock_khz = cells.pixel_clock * 10;
    if (size_cells == SizeCells::HalvedAbove189MHz && cells.pixel_clock > kHighestWholeClock) {
        mode.width_px *= mode.width_px == kWholeWidth ? 1 : 2;
        mode.height_px *= mode.height_px == kWholeHeight ? 1 : 2;
    }
    if (size_cells == SizeCells::HalvedUhdHeight && mode.width_px == kUhdWidth &&
        mode.height_px == kWholeHeight / 2) {
        mode.height_px = kWholeHeight;
    }
    if (!between(mode.width_px, kLeastSide, kWholeWidth) ||
        !between(mode.height_px, kLeastSide, kWholeHeight) || mode.rate_centihertz == 0) {
        return make_error(ProtocolError::BadReply, "HDMI mode " + std::to_string(mode.width_px) +
                                                       "x" + std::to_string(mode.height_px) + ", " +
                                                       std::to_string(mode.rate_centihertz) +
                                                       " hundredths of a hertz");
    }
    return mode;
}

Result<SwitchPosition> slide_position(const FirmwareVersion& version, std::uint8_t slide) {
    if (!version.is_known()) {
        return make_error(std::make_error_code(std::errc::not_supported),
                          "slide switch under capture firmware " + version.text());
    }
    return switch_position(slide, kSlideTargetBit);
}

Result<std::uint8_t> switch_bit(const FirmwareVersion& version) {
    if (!version.is_known()) {
        return make_error(std::make_error_code(std::errc::not_supported),
                          "USB switch under capture firmware " + version.text());
    }
    return version.bytes >= kFirstWithLowBit.bytes ? kLowBit : kHighBit;
}

SwitchPosition switch_position(std::uint8_t cell, std::uint8_t bit) {
    return (cell & bit) != 0 ? SwitchPosition::Target : SwitchPosition::Host;
}

std::uint8_t with_switch_position(std::uint8_t cell, std::uint8_t bit, SwitchPosition position) {
    return static_cast<std::uint8_t>(position == SwitchPosition::Target ? cell | bit : cell & ~bit);
}

}  // namespace minikvm::ms2109
