// SPDX-License-Identifier: MIT
// RecordingHidSink: a target that writes down what it gets, at the pace that the test sets.

#pragma once

#include <cassert>
#include <variant>
#include <vector>

#include "device/hid_sink.h"

namespace minikvm {

class RecordingHidSink final : public HidSink {
public:
    bool ready() const override { return ready_ && !busy_; }

    void send(const HidReport& report) override {
        assert(ready());
        busy_ = true;
        reports.push_back(report);
    }

    void set_listener(HidSinkListener* listener) override { listener_ = listener; }
    HidAbilities abilities() const override { return has; }

    bool busy() const { return busy_; }

    /// The line is done with the report in flight.
    void deliver(Delivery delivery = Delivery::Acknowledged) {
        assert(busy_);
        busy_ = false;
        if (listener_ != nullptr) {
            listener_->on_delivered(delivery);
        }
    }

    /// Delivers until nothing more comes.
    void deliver_all() {
        while (busy_) {
            deliver();
        }
    }

    /// The chip stops answering; what is in flight is not delivered.
    void go_silent() {
        ready_ = false;
        if (busy_) {
            deliver(Delivery::Undelivered);
        }
    }

    /// The chip answers again, knowing nothing.
    void come_back(Outage outage = Outage::Long) {
        ready_ = true;
        if (listener_ != nullptr) {
            listener_->on_state_lost(outage);
        }
    }

    void become_ready() {
        if (listener_ != nullptr && ready()) {
            listener_->on_ready();
        }
    }

    template <typename Report>
    std::vector<Report> all() const {
        std::vector<Report> found;
        for (const HidReport& report : reports) {
            if (const auto* one = std::get_if<Report>(&report)) {
                found.push_back(*one);
            }
        }
        return found;
    }

    HidAbilities has;
    std::vector<HidReport> reports;

private:
    HidSinkListener* listener_ = nullptr;
    bool ready_ = true;
    bool busy_ = false;
};

}  // namespace minikvm
