// SPDX-License-Identifier: MIT

#include "device/ms2109_chip.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "protocol/errors.h"

namespace minikvm {
namespace {

using ms2109::RegisterAddress;

// Two programs on one chip read each other's answers, and scripted dumps fail now and then
// (docs/hardware.md 3.1): often enough to get through that, not so often as to hang on.
constexpr int kQuestions = 3;
constexpr int kAnswersEach = 3;
constexpr int kAgreements = 5;

bool may_pass(const Error& error) {
    return error.code == ProtocolError::BadReply || error.code == std::errc::broken_pipe ||
           error.code == std::errc::io_error || error.code == std::errc::protocol_error;
}

tl::unexpected<Error> never_agreed(const std::string& what) {
    return make_error(ProtocolError::BadReply, "two equal reads of " + what);
}

}  // namespace

Result<Ms2109Chip> Ms2109Chip::open(std::unique_ptr<FeatureReports> reports) {
    Ms2109Chip chip(std::move(reports));
    MINIKVM_TRY(chip.find_report_number());
    MINIKVM_TRY(chip.read_firmware());
    return chip;
}

// Report 0 where reports are not numbered; where that is refused, report 1 (docs/hardware.md 3.2).
Result<void> Ms2109Chip::find_report_number() {
    const Result<std::uint8_t> unnumbered = read(RegisterAddress::Version0);
    if (unnumbered) {
        return {};
    }
    if (!may_pass(unnumbered.error()) && unnumbered.error().code != std::errc::invalid_argument) {
        return tl::unexpected<Error>(unnumbered.error());
    }
    report_number_ = 1;
    if (!read(RegisterAddress::Version0)) {
        return tl::unexpected<Error>(unnumbered.error());
    }
    return {};
}

Result<void> Ms2109Chip::read_firmware() {
    constexpr std::array kCells = {RegisterAddress::Version0, RegisterAddress::Version1,
                                   RegisterAddress::Version2, RegisterAddress::Version3};
    std::optional<ms2109::FirmwareVersion> previous;
    for (int tries = 0; tries < kAgreements; ++tries) {
        ms2109::FirmwareVersion version;
        for (std::size_t cell = 0; cell < kCells.size(); ++cell) {
            version.bytes.at(cell) = MINIKVM_TRY(read(kCells.at(cell)));
        }
        if (previous == version) {
            firmware_ = version;
            return {};
        }
        previous = version;
    }
    return never_agreed("the firmware's version");
}

Result<bool> Ms2109Chip::hdmi_connected() {
    return ms2109::hdmi_connected(MINIKVM_TRY(read(RegisterAddress::HdmiStatus)));
}

// The size is read around the rest: a mode that changes meanwhile must not lend its rate to the
// one before. The rate and the clock are measured, so they may differ by one between any two reads.
Result<ms2109::InputMode> Ms2109Chip::input_mode() {
    if (!firmware_.is_known()) {
        return make_error(std::make_error_code(std::errc::not_supported),
                          "HDMI mode under capture firmware " + firmware_.text());
    }
    std::optional<std::pair<std::uint16_t, std::uint16_t>> previous;
    ms2109::ModeCells cells;
    for (int tries = 0; tries < kAgreements; ++tries) {
        cells.width = MINIKVM_TRY(read_pair(RegisterAddress::WidthHigh, RegisterAddress::WidthLow));
        cells.height =
            MINIKVM_TRY(read_pair(RegisterAddress::HeightHigh, RegisterAddress::HeightLow));
        const std::pair size(cells.width, cells.height);
        if (previous == size) {
            return ms2109::decode_mode(cells);
        }
        previous = size;
        cells.rate = MINIKVM_TRY(read_pair(RegisterAddress::RateHigh, RegisterAddress::RateLow));
        cells.pixel_clock =
            MINIKVM_TRY(read_pair(RegisterAddress::PixelClockHigh, RegisterAddress::PixelClockLow));
    }
    return never_agreed("the HDMI mode");
}

Result<SwitchPosition> Ms2109Chip::slide() {
    if (!firmware_.is_known()) {
        return ms2109::slide_position(firmware_, 0);
    }
    return ms2109::slide_position(firmware_, MINIKVM_TRY(read(RegisterAddress::Slide)));
}

Result<SwitchPosition> Ms2109Chip::usb_switch() {
    const std::uint8_t bit = MINIKVM_TRY(ms2109::switch_bit(firmware_));
    return ms2109::switch_position(MINIKVM_TRY(read(RegisterAddress::Switch)), bit);
}

// Written also when the cell says so already: that makes the firmware drive the pin again, as the
// vendor's application does at its start (docs/hardware.md 4.3).
Result<SwitchChange> Ms2109Chip::select(SwitchPosition position) {
    const std::uint8_t bit = MINIKVM_TRY(ms2109::switch_bit(firmware_));
    const std::uint8_t cell = MINIKVM_TRY(read(RegisterAddress::Switch));
    MINIKVM_TRY(write(RegisterAddress::Switch, ms2109::with_switch_position(cell, bit, position)));
    const SwitchPosition now = MINIKVM_TRY(usb_switch());
    if (now != position) {
        return make_error(ProtocolError::Refused, "write the USB switch");
    }
    return SwitchChange{ms2109::switch_position(cell, bit), now};
}

Result<std::uint16_t> Ms2109Chip::read_pair(RegisterAddress high, RegisterAddress low) {
    std::optional<unsigned> previous;
    for (int tries = 0; tries < kAgreements; ++tries) {
        const unsigned high_byte = MINIKVM_TRY(read(high));
        const unsigned value = high_byte << 8U | MINIKVM_TRY(read(low));
        if (previous == value) {
            return static_cast<std::uint16_t>(value);
        }
        previous = value;
    }
    return never_agreed("a 16-bit register");
}

Result<std::uint8_t> Ms2109Chip::read(RegisterAddress address) {
    Result<std::uint8_t> value = ask(address);
    for (int questions = 1; questions < kQuestions && !value && may_pass(value.error());
         ++questions) {
        value = ask(address);
    }
    return value;
}

// One question; its answer may be late, or another's may come first.
Result<std::uint8_t> Ms2109Chip::ask(RegisterAddress address) {
    MINIKVM_TRY(send(ms2109::read_request(address)));
    Result<std::uint8_t> value = answer(address);
    for (int answers = 1; answers < kAnswersEach && !value && may_pass(value.error()); ++answers) {
        value = answer(address);
    }
    return value;
}

Result<std::uint8_t> Ms2109Chip::answer(RegisterAddress address) {
    // buffer[0] stays 0, and stands for the number in the second layout below.
    std::array<std::uint8_t, ms2109::kFeatureReportBytes + 1> buffer{};
    const std::span<std::uint8_t> report = std::span(buffer).subspan(1);
    report[0] = report_number_;
    const std::size_t size = MINIKVM_TRY(reports_->get_feature(report));
    const std::size_t answered = std::min(size, report.size());
    const bool has_number = report[0] == report_number_;
    if (has_number) {
        report[0] = 0;
        return ms2109::parse_read_answer(report.first(answered), address);
    }
    // Where reports are numbered, the vendor's application finds the answer at offset 3, one byte
    // earlier (docs/hardware.md 3.2): as it is when the chip leaves the number out.
    return ms2109::parse_read_answer(std::span(buffer).first(answered + 1), address);
}

Result<void> Ms2109Chip::write(RegisterAddress address, std::uint8_t value) {
    return send(ms2109::write_request(address, value));
}

Result<void> Ms2109Chip::send(ms2109::FeatureReport report) {
    report[0] = report_number_;
    return reports_->set_feature(report);
}

}  // namespace minikvm
