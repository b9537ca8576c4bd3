// SPDX-License-Identifier: MIT
// ModemLine: a Ch32v208Engine and the simulator's chip, in the test's own time.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "device/ch32v208_engine.h"
#include "sim/serial/ch32v208_model.h"
#include "tests/fakes/model_line.h"

namespace minikvm {

/// Shape:   a HidSink whose time goes by in run_for() alone. An answer takes kUsbTime.
class ModemLine final : public HidSink, private ChipWire {
public:
    static constexpr std::chrono::microseconds kUsbTime{500};

    explicit ModemLine(const sim::Ch32v208Options& options = {})
        : chip(options, target), engine_(*this, callbacks()) {}

    void start() { engine_.start(now_); }
    bool ready() const override { return engine_.ready(); }
    void send(const HidReport& report) override { engine_.send(now_, report); }
    void set_listener(HidSinkListener* listener) override { engine_.set_listener(listener); }

    void select(SwitchPosition position) {
        engine_.select(now_, position, [this](const auto& moved) { moves.push_back(moved); });
    }

    void run_for(std::chrono::nanoseconds time) {
        const TimePoint end = now_ + time;
        for (;;) {
            TimePoint next = end;
            for (const auto& event : {chip.next_event(), engine_.deadline(), arrives_}) {
                next = event ? std::min(next, *event) : next;
            }
            now_ = std::max(now_, next);
            chip.advance(now_);
            deliver();
            engine_.advance(now_);
            if (now_ >= end) {
                return;
            }
        }
    }

    Ch32v208Engine& engine() { return engine_; }
    TimePoint now() const { return now_; }

    ModelTarget target;
    sim::Ch32v208Model chip;
    std::vector<std::vector<std::uint8_t>> written;
    int found = 0;
    std::vector<ch9329::Information> information;
    std::vector<Error> losses;
    std::vector<std::optional<SwitchPosition>> positions;
    std::vector<Result<SwitchPosition>> moves;

private:
    Ch32v208Callbacks callbacks() {
        return {[this] { ++found; },
                [this](const ch9329::Information& news) { information.push_back(news); },
                [this](const Error& error) { losses.push_back(error); },
                [this](std::optional<SwitchPosition> news) { positions.push_back(news); }};
    }

    void write(std::span<const std::uint8_t> frame) override {
        written.emplace_back(frame.begin(), frame.end());
        chip.receive(now_, frame);
        if (chip.sent() > 0 && !arrives_) {
            arrives_ = now_ + kUsbTime;
        }
    }

    void deliver() {
        if (chip.sent() == 0) {
            arrives_.reset();
        } else if (!arrives_) {
            arrives_ = now_ + kUsbTime;
        } else if (now_ >= *arrives_) {
            arrives_.reset();
            engine_.receive(now_, chip.take_sent(chip.sent()));
        }
    }

    TimePoint now_{std::chrono::hours(1)};
    std::optional<TimePoint> arrives_;
    Ch32v208Engine engine_;
};

}  // namespace minikvm
