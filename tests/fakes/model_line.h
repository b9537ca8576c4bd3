// SPDX-License-Identifier: MIT
// ModelLine: a Ch9329Engine and the simulator's chip on one paced line, in the test's own time.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "device/ch9329_engine.h"
#include "device/hid_sink.h"
#include "sim/serial/serial_link.h"
#include "sim/serial/target_port.h"

namespace minikvm {

/// What the target computer got, and what it would believe is held.
class ModelTarget final : public sim::TargetPort {
public:
    bool enumerated() const override { return enumerated_; }
    std::uint8_t leds() const override { return leds_; }
    void chip_left(TimePoint /*at*/) override { forget(); }
    void chip_came(TimePoint /*at*/) override { forget(); }
    void receive(TimePoint at, const sim::HidReport& report) override {
        last_at_ = at;
        reports_.push_back(report);
    }

    void go_absent() {
        enumerated_ = false;
        forget();
    }
    void come_back() { enumerated_ = true; }
    void set_leds(std::uint8_t leds) { leds_ = leds; }

    const std::vector<sim::HidReport>& reports() const { return reports_; }
    TimePoint last_at() const { return last_at_; }
    void clear() { reports_.clear(); }

    template <typename Report>
    std::vector<Report> all() const {
        std::vector<Report> found;
        for (const sim::HidReport& report : reports_) {
            if (const auto* one = std::get_if<Report>(&report)) {
                found.push_back(*one);
            }
        }
        return found;
    }

private:
    // What a computer makes of a keyboard and mice that are gone.
    void forget() {
        reports_.emplace_back(sim::KeyboardReport{});
        reports_.emplace_back(sim::RelativeMouseReport{});
        const auto placed = all<sim::AbsoluteMouseReport>();
        if (!placed.empty()) {
            reports_.emplace_back(
                sim::AbsoluteMouseReport{.x = placed.back().x, .y = placed.back().y});
        }
    }

    std::vector<sim::HidReport> reports_;
    TimePoint last_at_{};
    bool enumerated_ = true;
    std::uint8_t leds_ = 0;
};

/// Shape:   a HidSink whose time goes by in run_for() and run_until_quiet() alone.
class ModelLine final : public HidSink, private Ch9329Wire {
public:
    explicit ModelLine(const sim::Ch9329Options& chip = {}, const Ch9329Options& options = {})
        : link_(chip, target), engine_(*this, options, callbacks()) {}

    void start() { engine_.start(now_); }

    bool ready() const override { return engine_.ready(); }
    void send(const HidReport& report) override { engine_.send(now_, report); }
    void set_listener(HidSinkListener* listener) override { engine_.set_listener(listener); }

    void run_for(std::chrono::nanoseconds time) { run_until(now_ + time); }

    /// Until the chip is found.
    void run_until_found() {
        const TimePoint limit = now_ + std::chrono::seconds(10);
        while (found_speeds.empty() && now_ < limit) {
            run_for(std::chrono::milliseconds(10));
        }
    }

    sim::Ch9329Model& chip() { return link_.chip(); }
    sim::SerialLink& link() { return link_; }
    Ch9329Engine& engine() { return engine_; }
    TimePoint now() const { return now_; }

    ModelTarget target;
    std::vector<std::vector<std::uint8_t>> written;
    std::vector<int> found_speeds;
    std::vector<ch9329::Information> information;
    std::vector<Error> losses;
    std::vector<SpeedChange> speed_changes;
    std::vector<TimePoint> silences;
    bool resets_when_silent = false;

private:
    Ch9329Callbacks callbacks() {
        return {[this](int speed_bd) { found_speeds.push_back(speed_bd); },
                [this](const ch9329::Information& news) { information.push_back(news); },
                [this](const Error& error) { losses.push_back(error); },
                [this](SpeedChange change) { speed_changes.push_back(change); },
                [this](TimePoint now) {
                    silences.push_back(now);
                    if (resets_when_silent) {
                        engine_.reset(now);
                    }
                }};
    }

    void write(std::span<const std::uint8_t> frame) override {
        written.emplace_back(frame.begin(), frame.end());
        link_.send(now_, frame);
    }
    void set_speed(int speed_bd) override {
        link_.set_speed(now_, static_cast<unsigned>(speed_bd));
    }

    void run_until(TimePoint end) {
        for (;;) {
            TimePoint next = end;
            if (const auto event = link_.next_event()) {
                next = std::min(next, *event);
            }
            if (const auto deadline = engine_.deadline()) {
                next = std::min(next, *deadline);
            }
            now_ = std::max(now_, next);
            link_.advance(now_);
            const std::vector<std::uint8_t> bytes = link_.take_received(link_.received());
            if (!bytes.empty()) {
                engine_.receive(now_, bytes);
            }
            engine_.advance(now_);
            if (now_ >= end) {
                return;
            }
        }
    }

    TimePoint now_{std::chrono::hours(1)};
    sim::SerialLink link_;
    Ch9329Engine engine_;
};

}  // namespace minikvm
