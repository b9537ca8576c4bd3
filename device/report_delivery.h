// SPDX-License-Identifier: MIT
// ReportDelivery: the one report that is on its way to the input chip. No I/O, no clock.

#pragma once

#include <optional>

#include "device/hid_command.h"
#include "device/hid_sink.h"
#include "protocol/ch9329_frame.h"
#include "protocol/hid_report.h"

namespace minikvm {

/// Shape:   begin(), and its frame() is sent. What then comes is given to take_answer(); when none
///          comes, and the line is in step again, settle() says what that means. Each says to send
///          frame() again, or how it ended: finish(), and when the line may be used again, tell().
///          Motion and the wheel are never sent again, since nobody knows whether they were done.
/// Thread:  the thread that made it.
/// Source:  decision 6 of docs/architecture.md.
class ReportDelivery final {
public:
    // Damaged on its way: the chip says at once that it did nothing, so asking again costs little.
    static constexpr int kMaxDamaged = 10;

    /// `counters` must outlive it: what it does is added there.
    explicit ReportDelivery(ChipCounters& counters) : counters_(counters) {}
    ReportDelivery(const ReportDelivery&) = delete;
    ReportDelivery& operator=(const ReportDelivery&) = delete;
    ~ReportDelivery() = default;

    void set_listener(HidSinkListener* listener) { listener_ = listener; }

    /// The chip holds nothing now, or is told to.
    void all_released() { last_keyboard_ = {}; }

    void begin(const HidReport& report);
    bool in_flight() const { return flight_.has_value(); }
    const ch9329::Frame& frame() const { return flight_->command.frame; }
    bool is_answered_by(const ch9329::Frame& frame) const;

    /// How often the chip has said that it came damaged.
    int damaged() const { return flight_->damaged; }

    /// How it ended; nothing: it is to be sent again.
    std::optional<Delivery> take_answer(const ch9329::Frame& answer);
    std::optional<Delivery> settle();

    /// Something else is being asked; if this acknowledges the report, settle() will know.
    void take_late(const ch9329::Frame& frame);

    /// Nothing is in flight any more. Whether it pressed a lock key, and the chip has it.
    bool finish(Delivery delivery);

    /// Nobody will know any more whether it was done.
    void give_up();

    /// What the target holds is unknown: the listener hears of it with the next tell().
    void state_is_lost(Outage outage) { outage_ = outage; }

    /// What the listener waits for: how its report ended, or that the sink is ready.
    void tell(std::optional<Delivery> delivery);

private:
    struct Flight {
        HidCommand command;
        bool asks_leds = false;  // it presses a lock key
        bool acknowledged = false;
        int tries = 1;
        int damaged = 0;
    };

    ChipCounters& counters_;
    HidSinkListener* listener_ = nullptr;
    std::optional<Flight> flight_;
    hid::KeyboardReport last_keyboard_;
    std::optional<Outage> outage_;
};

}  // namespace minikvm
