// SPDX-License-Identifier: MIT
// The capture chips of the family: where each keeps what, and how it is asked.

#pragma once

#include <array>
#include <cstdint>

namespace minikvm::sim {

enum class CaptureChip {
    Ms2109,   // 534d:2109, Mini-KVM 1.x
    Ms2109s,  // 345f:2109, Mini-KVM v2 and the KVM-GO with a VGA plug
    Ms2130s,  // 345f:2132, KVM-GO
};

/// Addresses of cells; those of two bytes by their high byte. 0: the chip has no such cell.
/// Source: hardware.md 3.4 to 3.6.
struct CellMap {
    std::uint8_t chip_type;  // in F800: known of the MS2109, weak of the MS2130S, else 0
    std::uint16_t connected;
    std::uint16_t width;
    std::uint16_t height;
    std::uint16_t rate;
    std::uint16_t pixel_clock;
    std::uint16_t horizontal_total;
    std::uint16_t vertical_total;
    std::uint16_t horizontal_sync_start;
    std::uint16_t vertical_sync_start;
    std::uint16_t horizontal_sync_width;
    std::uint16_t vertical_sync_width;
    std::uint16_t header_copy;
    bool has_switch;         // DF00, DF01
    bool has_eeprom;         // commands E5, E6
    bool reads_four_bytes;   // an answer holds the cells behind the one asked for
    bool halves_size;        // above 189.0 MHz
    bool halves_uhd_height;  // 3840x2160 reads as 3840x1080

    std::array<std::uint16_t, 10> words() const {
        return {width,
                height,
                rate,
                pixel_clock,
                horizontal_total,
                vertical_total,
                horizontal_sync_start,
                vertical_sync_start,
                horizontal_sync_width,
                vertical_sync_width};
    }
};

const CellMap& cell_map(CaptureChip chip);

}  // namespace minikvm::sim
