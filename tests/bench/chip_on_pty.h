// SPDX-License-Identifier: MIT
// ChipOnPty: the simulator's chip on a pseudo terminal, with the time of everything it was told.

#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"
#include "sim/serial/serial_link.h"
#include "sim/serial/target_port.h"

namespace minikvm {

/// A report that has reached the target.
struct Arrival {
    /// When the last byte of its frame had passed the line, or, while the chip was still busy with
    /// an earlier one, when it took it up.
    sim::TimePoint taken;
    sim::HidReport report;
};

struct ChipOptions {
    unsigned speed_bd = 115200;
    std::chrono::nanoseconds answer_delay{0};  // from a command's last bit to its answer's first
};

/// Shape:   the chip runs from create() to stop(), on a line as slow as the real one. A reader that
///          comes late does not make the line slower: the model reckons with its own times.
/// Errors:  create(): what making a pseudo terminal gives.
/// Limits:  unlike PtyLine it wakes by itself and at real-time priority where that is allowed, so
///          that what is measured is the sender and not the event loop of the simulator.
/// Thread:  its own; arrivals() from any, the rest from the one that made it.
class ChipOnPty final {
public:
    static Result<std::unique_ptr<ChipOnPty>> create(const ChipOptions& options);

    ChipOnPty(const ChipOnPty&) = delete;
    ChipOnPty& operator=(const ChipOnPty&) = delete;
    ~ChipOnPty();

    const std::string& node() const { return node_; }
    std::size_t arrivals() const { return target_.count; }

    /// Ends it; what has come, in its order. Once.
    std::vector<Arrival> stop();

    /// Commands that came while the chip was busy and another one already waited. After stop().
    std::size_t lost_commands() const { return link_.chip().lost_commands(); }

private:
    struct Target final : sim::TargetPort {
        bool enumerated() const override { return true; }
        std::uint8_t leds() const override { return 0; }
        void chip_left(sim::TimePoint /*at*/) override {}
        void chip_came(sim::TimePoint /*at*/) override {}
        void receive(sim::TimePoint at, const sim::HidReport& report) override {
            arrivals.push_back({at - answer_delay, report});
            ++count;
        }

        std::chrono::nanoseconds answer_delay{0};
        std::vector<Arrival> arrivals;
        std::atomic<std::size_t> count = 0;
    };

    explicit ChipOnPty(const ChipOptions& options);
    Result<void> open();
    void run();
    void read_line(sim::TimePoint now);

    Target target_;
    sim::SerialLink link_;
    UniqueFd line_;
    UniqueFd kept_open_;  // the node itself: without an opener, the line would hang up
    UniqueFd end_;
    std::string node_;
    std::thread thread_;
};

/// What measures comes before what is measured.
enum class Importance { Measured = 5, Measures = 10 };

/// Puts the calling thread before all ordinary ones, and its timers to the nanosecond. Whether
/// the kernel allowed the first.
bool become_punctual(Importance importance);

}  // namespace minikvm
