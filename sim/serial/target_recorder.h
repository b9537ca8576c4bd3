// SPDX-License-Identifier: MIT
// TargetRecorder: plays the target computer, telling line by line what it sees.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "sim/serial/hid_reports.h"
#include "sim/serial/target_port.h"

namespace minikvm::sim {

enum class TargetState {
    Present,    // has enumerated the stick
    Absent,     // powers the stick, but has not enumerated it: off, booting, suspended
    Unplugged,  // the cable is out: no power from this side
};

/// A computer sees two mice: buttons of one do not release those of the other.
struct HeldButtons {
    std::uint8_t relative = 0;
    std::uint8_t absolute = 0;
};

/// Shape:   one line an event, given whole to the sink it was made with. What the target holds is
///          what a computer would believe held: nothing, after it or the chip was away. A lock key
///          switches its light, as on a computer.
/// Thread:  the thread that made it.
class TargetRecorder final : public TargetPort {
public:
    using LineSink = std::function<void(const std::string& line)>;

    explicit TargetRecorder(LineSink sink) : sink_(std::move(sink)) {}

    bool enumerated() const override { return state_ == TargetState::Present; }
    std::uint8_t leds() const override { return leds_; }
    void chip_left(TimePoint at) override;
    void chip_came(TimePoint at) override;
    void receive(TimePoint at, const HidReport& report) override;

    TargetState state() const { return state_; }
    void set_state(TimePoint now, TargetState state);

    /// The lock LEDs, bits of kLed*. Ignored while it is not present: it has none lit then.
    void set_leds(TimePoint now, std::uint8_t leds);

    const KeyboardReport& held_keys() const { return held_keys_; }
    HeldButtons held_buttons() const { return held_buttons_; }
    std::size_t reports() const { return reports_; }

private:
    void forget();

    LineSink sink_;
    TargetState state_ = TargetState::Present;
    std::uint8_t leds_ = 0;
    KeyboardReport held_keys_;
    HeldButtons held_buttons_;
    std::size_t reports_ = 0;
};

}  // namespace minikvm::sim
