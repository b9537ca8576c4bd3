// SPDX-License-Identifier: MIT
// HidSink: where HID reports for the target go, one at a time.

#pragma once

#include <cstdint>
#include <variant>

#include "protocol/hid_report.h"

namespace minikvm {

using HidReport = std::variant<hid::KeyboardReport, hid::ConsumerReport, hid::SystemReport,
                               hid::RelativeMouseReport, hid::AbsoluteMouseReport>;

/// What became of a report.
enum class Delivery {
    Acknowledged,  // the chip has it
    Unconfirmed,   // sent, but its acknowledgement was lost: nobody can know (decision 6)
    Refused,       // the chip answered that it cannot: it did not reach the target
    Undelivered,   // the chip does not answer; state is sent again once it does
};

/// How long nothing could be delivered.
enum class Outage {
    Brief,  // what waits is still wanted
    Long,   // nobody expects it any more
};

/// Who sends: called on the sink's thread, never from inside send().
class HidSinkListener {
public:
    virtual ~HidSinkListener() = default;

    /// The report in flight is done with; the sink may be ready for the next one.
    virtual void on_delivered(Delivery delivery) = 0;

    /// The sink has become ready without a report having been delivered.
    virtual void on_ready() = 0;

    /// What the target holds is unknown or nothing (a replug, a chip reset, a target that came
    /// back): everything is to be sent again, starting from all-released.
    virtual void on_state_lost(Outage outage) = 0;

protected:
    HidSinkListener() = default;
    HidSinkListener(const HidSinkListener&) = default;
    HidSinkListener& operator=(const HidSinkListener&) = default;
};

/// What of the reports' fields the chip behind a sink has.
struct HidAbilities {
    bool media_keys = true;             // ConsumerReport and SystemReport
    std::uint8_t buttons = 5;           // of each mouse
    hid::HidUsage highest_usage{0xFF};  // of the keyboard
};

/// Shape:   set_listener(), then send() whenever ready(); each send() is followed by exactly one
///          on_delivered(), later, unless the sink is destroyed first.
/// Limits:  one report in flight. send() while not ready() is a programming error.
/// Thread:  the thread that made it.
class HidSink {
public:
    HidSink(const HidSink&) = delete;
    HidSink& operator=(const HidSink&) = delete;
    virtual ~HidSink() = default;

    virtual bool ready() const = 0;
    virtual void send(const HidReport& report) = 0;

    /// The same for as long as the sink lives. What is not among them is not to be sent.
    virtual HidAbilities abilities() const { return {}; }

    /// The listener must outlive the sink or be replaced by nullptr before it goes.
    virtual void set_listener(HidSinkListener* listener) = 0;

protected:
    HidSink() = default;
};

}  // namespace minikvm
