// SPDX-License-Identifier: MIT
// Ch9329EngineTest: our reading of the chip's manual against the simulator's.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/model_line.h"
#include "tests/fakes/recording_listener.h"
#include "tests/unit/sample_reports.h"

namespace minikvm {

using Bytes = std::vector<std::uint8_t>;

// docs/hardware.md 5.3, golden vectors.
inline const Bytes kReleaseAll = {0x57, 0xAB, 0x00, 0x02, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0x0C};
inline const Bytes kKeyboardAnswer = {0x57, 0xAB, 0x00, 0x82, 0x01, 0x00, 0x85};
inline const Bytes kGetInfo = {0x57, 0xAB, 0x00, 0x01, 0x00, 0x03};

inline constexpr sim::Ch9329Options kFactoryChip{.initial = sim::InitialConfiguration::Factory};

class Ch9329EngineTest : public testing::Test {
protected:
    void use(const sim::Ch9329Options& chip, const Ch9329Options& options = {}) {
        make(chip, options);
        line_->start();
    }
    void make(const sim::Ch9329Options& chip, const Ch9329Options& options = {}) {
        line_ = std::make_unique<ModelLine>(chip, options);
        line_->set_listener(&listener_);
    }
    // A chip that is found and has nothing to do.
    void find_chip() {
        use({});
        line_->run_for(std::chrono::milliseconds(200));
        ASSERT_TRUE(line_->ready());
        line_->target.clear();
        line_->written.clear();
        listener_ = {};
    }
    void fail(sim::AnswerFault fault) { line_->chip().add_fault(fault); }
    void send(const HidReport& report) {
        line_->send(report);
        line_->run_for(std::chrono::seconds(1));
    }
    std::size_t keyboard_reports() const { return line_->target.all<sim::KeyboardReport>().size(); }
    std::size_t questions() const {
        return static_cast<std::size_t>(std::ranges::count(line_->written, kGetInfo));
    }
    const ChipCounters& counters() const { return line_->engine().counters(); }

    RecordingListener listener_;
    std::unique_ptr<ModelLine> line_;
};

}  // namespace minikvm
