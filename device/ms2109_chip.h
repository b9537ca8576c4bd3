// SPDX-License-Identifier: MIT
// Ms2109Chip: the registers of a capture chip of the MS21xx family, as values.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "common/result.h"
#include "device/feature_reports.h"
#include "device/generation.h"
#include "protocol/ms2109_registers.h"
#include "protocol/ms2109_report.h"
#include "protocol/switch_position.h"

namespace minikvm {

/// What a write to the switch cell did, as read back.
struct SwitchChange {
    SwitchPosition before = SwitchPosition::Host;
    SwitchPosition now = SwitchPosition::Host;
};

/// Shape:   open() has found how the chip's reports are laid out and read its firmware's version.
///          Registers are neither atomic nor ours alone (decision 7): an answer to another question
///          is asked for again, and a value of several bytes is read until two reads agree, or
///          one with what was read before.
/// Errors:  ProtocolError::BadReply when the chip keeps answering something else, or no two reads
///          agree; std::errc::not_supported for what this firmware has no cell for;
///          slide, usb_switch, select: the same for a chip without those cells;
///          select: ProtocolError::Refused when the cell did not keep what was written.
///          Otherwise what the reports gave: ENODEV once the chip is gone, ETIMEDOUT at once.
/// Limits:  a register takes about 1.4 ms, and 5 s when the chip is wedged.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 3.1 to 3.5, 4.2.
class Ms2109Chip final {
public:
    static Result<Ms2109Chip> open(std::unique_ptr<FeatureReports> reports,
                                   CaptureModel model = CaptureModel::Ms2109);

    CaptureModel model() const { return model_; }
    const ms2109::FirmwareVersion& firmware() const { return firmware_; }

    /// Whether the firmware keeps other things in the switch's cells, on a chip that has them.
    bool is_foreign() const { return map_->has_switch_cells && !firmware_.is_known(); }

    Result<bool> hdmi_connected();

    /// The picture that comes in; stale while HDMI is not connected.
    Result<ms2109::InputMode> input_mode();

    /// The slide switch on the case.
    Result<SwitchPosition> slide();

    /// Where the USB-A port is switched to.
    Result<SwitchPosition> usb_switch();
    Result<SwitchChange> select(SwitchPosition position);

private:
    // Of reports 0 and up: how many bytes hidraw takes, number included.
    struct Layout {
        std::uint8_t number = 0;
        std::size_t bytes = ms2109::kFeatureReportBytes;
    };

    Ms2109Chip(std::unique_ptr<FeatureReports> reports, CaptureModel model);

    static std::span<const Layout> layouts_of(CaptureModel model);
    Result<void> find_layout();
    Result<void> read_firmware();
    Result<void> check_switch_cells(const char* what) const;
    Result<std::uint8_t> read(ms2109::RegisterAddress address);
    Result<std::uint8_t> ask(ms2109::RegisterAddress address);
    Result<std::uint8_t> answer(ms2109::RegisterAddress address);
    Result<std::uint16_t> read_pair(ms2109::RegisterAddress high,
                                    std::uint16_t ms2109::ModeCells::*cell);
    Result<void> write(ms2109::RegisterAddress address, std::uint8_t value);
    Result<void> send(const ms2109::FeatureReport& report);

    std::unique_ptr<FeatureReports> reports_;
    CaptureModel model_;
    const ms2109::RegisterMap* map_;
    Layout layout_;
    ms2109::FirmwareVersion firmware_;
    std::optional<ms2109::ModeCells> mode_cells_;  // as they agreed the last time
};

}  // namespace minikvm
