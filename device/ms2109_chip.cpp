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

constexpr std::size_t kLongestReportBytes = 65;

bool may_pass(const Error& error) {
    return error.code == ProtocolError::BadReply || error.code == std::errc::broken_pipe ||
           error.code == std::errc::io_error || error.code == std::errc::protocol_error;
}

tl::unexpected<Error> never_agreed(const std::string& what) {
    return make_error(ProtocolError::BadReply, "two equal reads of " + what);
}

const ms2109::RegisterMap& map_of(CaptureModel model) {
    switch (model) {
        case CaptureModel::Ms2109s:
            return ms2109::kMs2109sMap;
        case CaptureModel::Ms2130s:
            return ms2109::kMs2130sMap;
        case CaptureModel::Ms2109:
            break;
    }
    return ms2109::kMs2109Map;
}

}  // namespace

Result<Ms2109Chip> Ms2109Chip::open(std::unique_ptr<FeatureReports> reports, CaptureModel model) {
    Ms2109Chip chip(std::move(reports), model);
    MINIKVM_TRY(chip.find_layout());
    MINIKVM_TRY(chip.read_firmware());
    return chip;
}

Ms2109Chip::Ms2109Chip(std::unique_ptr<FeatureReports> reports, CaptureModel model)
    : reports_(std::move(reports)), model_(model), map_(&map_of(model)) {
}

// What the vendor's applications try, after what the report descriptors say (docs/hardware.md 3.2):
// report 0 where reports are not numbered, else report 1, of eight bytes; then longer ones.
std::span<const Ms2109Chip::Layout> Ms2109Chip::layouts_of(CaptureModel model) {
    static constexpr std::array<Layout, 2> kUnnumbered = {{{0, 9}, {1, 9}}};
    static constexpr std::array<Layout, 5> kUnnumberedFirst = {
        {{0, 9}, {1, 9}, {0, 11}, {1, 11}, {0, 65}}};
    static constexpr std::array<Layout, 5> kNumberedFirst = {
        {{1, 9}, {0, 9}, {1, 11}, {0, 11}, {0, 65}}};
    switch (model) {
        case CaptureModel::Ms2109s:
            return kUnnumberedFirst;
        case CaptureModel::Ms2130s:
            return kNumberedFirst;
        case CaptureModel::Ms2109:
            break;
    }
    return kUnnumbered;
}

Result<void> Ms2109Chip::find_layout() {
    std::optional<Error> first;
    for (const Layout& layout : layouts_of(model_)) {
        layout_ = layout;
        const Result<std::uint8_t> version = read(map_->version);
        if (version) {
            return {};
        }
        if (!first) {
            first = version.error();
        }
        if (!may_pass(version.error()) && version.error().code != std::errc::invalid_argument) {
            break;
        }
    }
    return tl::unexpected<Error>(*first);
}

Result<void> Ms2109Chip::read_firmware() {
    std::optional<ms2109::FirmwareVersion> previous;
    for (int tries = 0; tries < kAgreements; ++tries) {
        ms2109::FirmwareVersion version;
        for (unsigned cell = 0; cell < version.bytes.size(); ++cell) {
            version.bytes.at(cell) = MINIKVM_TRY(read(ms2109::next(map_->version, cell)));
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
    return ms2109::hdmi_connected(MINIKVM_TRY(read(map_->hdmi_status)));
}

// A mode that is as it was needs each cell once. Else the size is read around the rest: a mode that
// changes meanwhile must not lend its rate to the one before. The rate and the clock are measured,
// so they may differ by one between any two reads.
Result<ms2109::InputMode> Ms2109Chip::input_mode() {
    if (is_foreign()) {
        return make_error(std::make_error_code(std::errc::not_supported),
                          "HDMI mode under capture firmware " + firmware_.text());
    }
    std::optional<std::pair<std::uint16_t, std::uint16_t>> previous;
    ms2109::ModeCells cells;
    for (int tries = 0; tries < kAgreements; ++tries) {
        cells.width = MINIKVM_TRY(read_pair(map_->width, &ms2109::ModeCells::width));
        cells.height = MINIKVM_TRY(read_pair(map_->height, &ms2109::ModeCells::height));
        const std::pair size(cells.width, cells.height);
        if (previous == size) {
            mode_cells_ = cells;
            return ms2109::decode_mode(cells, map_->size_cells);
        }
        previous = size;
        cells.rate = MINIKVM_TRY(read_pair(map_->rate, &ms2109::ModeCells::rate));
        cells.pixel_clock =
            MINIKVM_TRY(read_pair(map_->pixel_clock, &ms2109::ModeCells::pixel_clock));
        if (mode_cells_ == cells) {
            return ms2109::decode_mode(cells, map_->size_cells);
        }
    }
    return never_agreed("the HDMI mode");
}

Result<void> Ms2109Chip::check_switch_cells(const char* what) const {
    if (map_->has_switch_cells) {
        return {};
    }
    return make_error(std::make_error_code(std::errc::not_supported), what);
}

Result<SwitchPosition> Ms2109Chip::slide() {
    MINIKVM_TRY(check_switch_cells("slide switch of this capture chip"));
    if (!firmware_.is_known()) {
        return ms2109::slide_position(firmware_, 0);
    }
    return ms2109::slide_position(firmware_, MINIKVM_TRY(read(RegisterAddress::Slide)));
}

Result<SwitchPosition> Ms2109Chip::usb_switch() {
    MINIKVM_TRY(check_switch_cells("USB switch of this capture chip"));
    const std::uint8_t bit = MINIKVM_TRY(ms2109::switch_bit(firmware_));
    return ms2109::switch_position(MINIKVM_TRY(read(RegisterAddress::Switch)), bit);
}

// Written also when the cell says so already: that makes the firmware drive the pin again, as the
// vendor's application does at its start (docs/hardware.md 4.3).
Result<SwitchChange> Ms2109Chip::select(SwitchPosition position) {
    MINIKVM_TRY(check_switch_cells("USB switch of this capture chip"));
    const std::uint8_t bit = MINIKVM_TRY(ms2109::switch_bit(firmware_));
    const std::uint8_t cell = MINIKVM_TRY(read(RegisterAddress::Switch));
    MINIKVM_TRY(write(RegisterAddress::Switch, ms2109::with_switch_position(cell, bit, position)));
    const SwitchPosition now = MINIKVM_TRY(usb_switch());
    if (now != position) {
        return make_error(ProtocolError::Refused, "write the USB switch");
    }
    return SwitchChange{ms2109::switch_position(cell, bit), now};
}

/// Until two reads agree, of which the first may be that of the mode before.
Result<std::uint16_t> Ms2109Chip::read_pair(RegisterAddress high,
                                            std::uint16_t ms2109::ModeCells::*cell) {
    std::optional<unsigned> previous;
    if (mode_cells_) {
        previous = (*mode_cells_).*cell;
    }
    for (int tries = 0; tries < kAgreements; ++tries) {
        const unsigned high_byte = MINIKVM_TRY(read(high));
        const unsigned value = high_byte << 8U | MINIKVM_TRY(read(ms2109::next(high)));
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
    std::array<std::uint8_t, kLongestReportBytes + 1> buffer{};
    const std::span<std::uint8_t> report = std::span(buffer).subspan(1, layout_.bytes);
    report[0] = layout_.number;
    const std::size_t size = MINIKVM_TRY(reports_->get_feature(report));
    const std::size_t answered = std::min(size, report.size());
    const bool has_number = report[0] == layout_.number;
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

Result<void> Ms2109Chip::send(const ms2109::FeatureReport& report) {
    std::array<std::uint8_t, kLongestReportBytes> buffer{};
    std::ranges::copy(report, buffer.begin());
    buffer[0] = layout_.number;
    return reports_->set_feature(std::span(buffer).first(layout_.bytes));
}

}  // namespace minikvm
