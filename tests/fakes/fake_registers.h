// SPDX-License-Identifier: MIT
// FakeRegisters: a capture chip's feature reports, which can be wrong the way the chip is.

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <system_error>

#include "device/feature_reports.h"

namespace minikvm {

/// The chip, which outlives the nodes that are opened on it.
struct FakeRegisters {
    std::map<std::uint16_t, std::uint8_t> cells;
    std::uint8_t report_number = 0;         // the one that it answers to
    bool leaves_number_out = false;         // its answers begin with the command
    int late_answers = 0;                   // so many are still those before
    int wrong_echoes = 0;                   // so many say another address
    bool ignores_writes = false;            //
    std::optional<std::errc> fails_with;    // every report
    std::function<void(int read)> on_read;  // before each read, counted from 1

    int reads = 0;
    int writes = 0;

    void set_pair(std::uint16_t high, std::uint16_t value) {
        cells[high] = static_cast<std::uint8_t>(value >> 8U);
        cells[static_cast<std::uint16_t>(high + 1U)] = static_cast<std::uint8_t>(value);
    }

    /// A Mini-KVM 1.9 with firmware 24081309 and 1920x1080@60.00 coming in; slide and switch at
    /// host (docs/hardware.md 3.4, 3.5).
    static FakeRegisters mini_kvm() {
        FakeRegisters chip;
        chip.cells = {{0xF800, 0xA7}, {0xFA8C, 0x01}, {0xCBDC, 24},   {0xCBDD, 8},
                      {0xCBDE, 13},   {0xCBDF, 9},    {0xDF00, 0x00}, {0xDF01, 0x00}};
        chip.set_pair(0xC6AF, 1920);
        chip.set_pair(0xC6B1, 1080);
        chip.set_pair(0xC6B5, 6000);
        chip.set_pair(0xC73C, 14850);
        return chip;
    }
};

/// An open node of the chip.
class FakeRegisterReports final : public FeatureReports {
public:
    explicit FakeRegisterReports(FakeRegisters& chip) : chip_(chip) {}

    Result<void> set_feature(std::span<const std::uint8_t> report) override {
        if (chip_.fails_with) {
            return make_error(std::make_error_code(*chip_.fails_with), "set a feature report");
        }
        if (report[0] != chip_.report_number) {
            return make_error(std::make_error_code(std::errc::broken_pipe), "set a feature report");
        }
        before_ = question_;
        std::copy_n(report.begin() + 1, question_.size(), question_.begin());
        const bool is_write = question_[0] == 0xB6;
        if (is_write) {
            ++chip_.writes;
            if (!chip_.ignores_writes) {
                chip_.cells[address(question_)] = question_[3];
            }
        }
        return {};
    }

    Result<std::size_t> get_feature(std::span<std::uint8_t> report) override {
        if (chip_.fails_with) {
            return make_error(std::make_error_code(*chip_.fails_with), "get a feature report");
        }
        const bool is_late = chip_.late_answers > 0;
        chip_.late_answers -= is_late ? 1 : 0;
        std::array<std::uint8_t, 8> answer = is_late ? before_ : question_;
        if (answer[0] == 0xB5) {
            ++chip_.reads;
            if (chip_.on_read) {
                chip_.on_read(chip_.reads);
            }
            answer[3] = chip_.cells[address(answer)];
        }
        if (chip_.wrong_echoes > 0) {
            --chip_.wrong_echoes;
            answer[2] ^= 0x01;
        }
        const std::size_t offset = chip_.leaves_number_out ? 0 : 1;
        std::copy_n(answer.begin(), answer.size(), report.begin() + static_cast<long>(offset));
        return answer.size() + offset;
    }

private:
    static std::uint16_t address(const std::array<std::uint8_t, 8>& question) {
        return static_cast<std::uint16_t>(question[1] << 8 | question[2]);
    }

    FakeRegisters& chip_;
    std::array<std::uint8_t, 8> question_{};
    std::array<std::uint8_t, 8> before_{};
};

}  // namespace minikvm
