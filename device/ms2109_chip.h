// SPDX-License-Identifier: MIT
// Ms2109Chip: the capture chip's registers, as values.

#pragma once

#include <cstdint>
#include <memory>

#include "common/result.h"
#include "device/feature_reports.h"
#include "protocol/ms2109_registers.h"
#include "protocol/ms2109_report.h"
#include "protocol/switch_position.h"

namespace minikvm {

/// What a write to the switch cell did, as read back.
struct SwitchChange {
    SwitchPosition before = SwitchPosition::Host;
    SwitchPosition now = SwitchPosition::Host;
};

/// Shape:   open() has found how the chip numbers its reports and read its firmware's version.
///          Registers are neither atomic nor ours alone (decision 7): an answer to another question
///          is asked for again, and a value of several bytes is read until two reads agree.
/// Errors:  ProtocolError::BadReply when the chip keeps answering something else, or no two reads
///          agree; std::errc::not_supported for what this firmware has no cell for;
///          select: ProtocolError::Refused when the cell did not keep what was written.
///          Otherwise what the reports gave: ENODEV once the chip is gone, ETIMEDOUT at once.
/// Limits:  a register takes about 1.4 ms, and 5 s when the chip is wedged.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 3.1 to 3.5, 4.2.
class Ms2109Chip final {
public:
    static Result<Ms2109Chip> open(std::unique_ptr<FeatureReports> reports);

    const ms2109::FirmwareVersion& firmware() const { return firmware_; }

    Result<bool> hdmi_connected();

    /// The picture that comes in; stale while HDMI is not connected.
    Result<ms2109::InputMode> input_mode();

    /// The slide switch on the case.
    Result<SwitchPosition> slide();

    /// Where the USB-A port is switched to.
    Result<SwitchPosition> usb_switch();
    Result<SwitchChange> select(SwitchPosition position);

private:
    explicit Ms2109Chip(std::unique_ptr<FeatureReports> reports) : reports_(std::move(reports)) {}

    Result<void> find_report_number();
    Result<void> read_firmware();
    Result<std::uint8_t> read(ms2109::RegisterAddress address);
    Result<std::uint8_t> ask(ms2109::RegisterAddress address);
    Result<std::uint8_t> answer(ms2109::RegisterAddress address);
    Result<std::uint16_t> read_pair(ms2109::RegisterAddress high, ms2109::RegisterAddress low);
    Result<void> write(ms2109::RegisterAddress address, std::uint8_t value);
    Result<void> send(ms2109::FeatureReport report);

    std::unique_ptr<FeatureReports> reports_;
    std::uint8_t report_number_ = 0;
    ms2109::FirmwareVersion firmware_;
};

}  // namespace minikvm
