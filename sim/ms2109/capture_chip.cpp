// SPDX-License-Identifier: MIT

#include "sim/ms2109/capture_chip.h"

namespace minikvm::sim {
namespace {

constexpr CellMap kMs2109 = {
    .chip_type = 0xA7,
    .connected = 0xFA8C,
    .width = 0xC6AF,
    .height = 0xC6B1,
    .rate = 0xC6B5,
    .pixel_clock = 0xC73C,
    .horizontal_total = 0xC734,
    .vertical_total = 0xC736,
    .horizontal_sync_start = 0xC740,
    .vertical_sync_start = 0xC742,
    .horizontal_sync_width = 0xC744,
    .vertical_sync_width = 0xC746,
    .header_copy = 0xCBD0,
    .has_switch = true,
    .has_eeprom = true,
    .reads_four_bytes = false,
    .halves_size = true,
    .halves_uhd_height = false,
};

constexpr CellMap kMs2109s = {
    .chip_type = 0x00,
    .connected = 0xFD9C,
    .width = 0xC703,
    .height = 0xC705,
    .rate = 0xC617,
    .pixel_clock = 0xC8C5,
    .horizontal_total = 0xC8BD,
    .vertical_total = 0xC8BF,
    .horizontal_sync_start = 0xC8C9,
    .vertical_sync_start = 0xC8CB,
    .horizontal_sync_width = 0xC8CD,
    .vertical_sync_width = 0xC8CF,
    .header_copy = 0xCBD0,
    .has_switch = false,
    .has_eeprom = true,
    .reads_four_bytes = false,
    .halves_size = false,
    .halves_uhd_height = false,
};

// One vendor application assumes DF00 and DF01 here too, another has none (U): none.
constexpr CellMap kMs2130s = {
    .chip_type = 0x00,
    .connected = 0xFA8D,
    .width = 0x1CFC,
    .height = 0x1CFE,
    .rate = 0x1D02,
    .pixel_clock = 0x1D00,
    .horizontal_total = 0x1CF8,
    .vertical_total = 0x1CFA,
    .horizontal_sync_start = 0,
    .vertical_sync_start = 0,
    .horizontal_sync_width = 0,
    .vertical_sync_width = 0,
    .header_copy = 0x1FD0,
    .has_switch = false,
    .has_eeprom = false,
    .reads_four_bytes = true,
    .halves_size = false,
    .halves_uhd_height = true,
};

}  // namespace

const CellMap& cell_map(CaptureChip chip) {
    switch (chip) {
        case CaptureChip::Ms2109s:
            return kMs2109s;
        case CaptureChip::Ms2130s:
            return kMs2130s;
        case CaptureChip::Ms2109:
            break;
    }
    return kMs2109;
}

}  // namespace minikvm::sim
