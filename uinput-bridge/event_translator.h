// SPDX-License-Identifier: MIT
// EventTranslator: one source's evdev events become strokes, motion and wheel turns.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "uinput-bridge/key_leases.h"
#include "uinput-bridge/report_scheduler.h"

namespace minikvm {

/// Shape:   take() events as evdev gives them. What stands before one SYN_REPORT happens at once:
///          motion first, so that a button is pressed where the pointer then is.
/// Units:   tablet axes 0..hid::kAbsoluteMax, clamped. A wheel notch is 120 high-resolution units;
///          a packet that has those says it all with them, its plain notches are not counted again.
///          The same holds for the wheel that turns sideways.
/// Limits:  autorepeat (value 2) is ignored: the target does its own.
/// Thread:  the thread that made it.
/// Source:  kernel Documentation/input/event-codes.rst, REL_WHEEL_HI_RES.
class EventTranslator final {
public:
    /// `leases` and `scheduler` must outlive the translator; `source` is one of the leases'.
    EventTranslator(SourceId source, KeyLeases& leases, ReportScheduler& scheduler);

    void take(std::uint16_t type, std::uint16_t code, std::int32_t value);

    /// Keys pressed that cannot be sent.
    std::uint64_t unsendable() const { return unsendable_; }

private:
    struct PendingStroke {
        hid::KeyCode code{};
        Stroke stroke = Stroke::Press;
    };

    void take_relative(std::uint16_t code, std::int32_t value);
    void take_absolute(std::uint16_t code, std::int32_t value);
    void flush();
    void flush_stroke(PendingStroke pending);

    // One wheel: its notches, and what is left of finer turns.
    struct Wheel {
        int notches = 0;
        std::optional<int> fine;  // of this packet
        int fine_rest = 0;        // less than a notch, of earlier ones

        int take_notches();
    };

    SourceId source_;
    KeyLeases& leases_;
    ReportScheduler& scheduler_;

    std::vector<PendingStroke> strokes_;
    int move_x_ = 0;
    int move_y_ = 0;
    Wheel upright_;
    Wheel sideways_;
    Point place_;
    bool placed_ = false;
    std::uint64_t unsendable_ = 0;
};

}  // namespace minikvm
