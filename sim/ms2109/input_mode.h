// SPDX-License-Identifier: MIT
// InputMode: what the target sends over HDMI.

#pragma once

#include <string>

#include "common/result.h"

namespace minikvm::sim {

/// Totals and syncs are in pixels across, in lines down.
struct InputMode {
    unsigned width_px = 1920;
    unsigned height_px = 1080;
    unsigned rate_centihertz = 6000;
    unsigned horizontal_total = 2200;
    unsigned vertical_total = 1125;
    unsigned horizontal_sync_start = 2008;
    unsigned horizontal_sync_width = 44;
    unsigned vertical_sync_start = 1084;
    unsigned vertical_sync_width = 5;

    /// Of 10 kHz, as the register has it.
    unsigned pixel_clock_ten_kilohertz() const;
    std::string text() const;  // "1920x1080@60.00"
};

/// Reads "1920x1080@60" or "1280x720@59.94". A mode without a standard gets the blanking that
/// CVT calls reduced. Errors: EINVAL, the context says what would be right.
Result<InputMode> parse_input_mode(const std::string& text);

}  // namespace minikvm::sim
