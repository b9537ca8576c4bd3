// SPDX-License-Identifier: MIT
// ReportScheduler: turns strokes and motion into HID reports, one in flight at a time.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "device/hid_sink.h"
#include "uinput-bridge/edge_queue.h"
#include "uinput-bridge/hid_state.h"

namespace minikvm {

/// How much of what was said. Motion may be overtaken by edges, each kind keeps its own order.
struct InputProgress {
    std::uint64_t edges = 0;
    std::uint64_t moves = 0;

    bool reaches(const InputProgress& other) const {
        return edges >= other.edges && moves >= other.moves;
    }
    bool operator==(const InputProgress&) const = default;
};

/// What has been done with after `from`, up to `to`.
struct Settlement {
    InputProgress from;
    InputProgress to;
    Delivery delivery = Delivery::Acknowledged;
};

/// What becomes of a wheel that turns sideways, which the chip has not (docs/hardware.md 5.3).
enum class SidewaysWheel : std::uint8_t {
    Off,
    ShiftAndWheel,  // as most programs take it: Shift held down, and up is to the left
};

/// Shape:   strokes and wheel turns go out one report each, in the order they came. Motion that
///          waits for the line is summed (relative) or replaced (absolute), and goes out when no
///          stroke waits; motion that came before a button or the wheel goes out before it.
///
///              Detached --attach--> Resetting --all released, held again--> Following
///                 ^                     ^                                      |
///                 |                     +---- on_state_lost, release_all ------+
///                 +-- detach -----------+--------------------------------------+
///
///          In Resetting strokes already wait behind the reset. After a brief outage the target
///          is made to hold what it held, and what waits follows. After a long one, or a replug,
///          it is made to hold what the sources hold by then, and what waited is forgotten: a
///          stick that comes back must not type old keys.
/// Units:   absolute places 0..hid::kAbsoluteMax; relative motion in counts, of which no more than
///          kLongestMotion wait; wheel in notches.
/// Limits:  media and system keys are released by a reset, but not pressed again by it.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.3, 5.9, 5.10; decision 6 of docs/architecture.md.
class ReportScheduler final : private HidSinkListener {
public:
    /// Further than any screen is wide; more than that is nobody's aim.
    static constexpr int kLongestMotion = 32767;

    ReportScheduler() = default;
    ReportScheduler(const ReportScheduler&) = delete;
    ReportScheduler& operator=(const ReportScheduler&) = delete;
    ~ReportScheduler() override;

    /// `sink` must outlive the scheduler or be detached before it goes.
    void attach(HidSink& sink);
    void detach();

    /// What is said between these two happens at once: nothing is sent before the end, so that a
    /// tablet's button can go out with its place.
    void begin_packet() { in_packet_ = true; }
    void end_packet();

    /// Whether the chip that is there now has this key or button; without one: yes.
    bool can_send(TargetKey key) const;
    void stroke(TargetKey key, Stroke stroke);
    void turn_wheel(int notches);
    /// To the right is positive. Whether it could be done.
    bool turn_wheel_sideways(int notches);
    void configure(SidewaysWheel sideways_wheel) { sideways_wheel_ = sideways_wheel; }

    void move_by(int x, int y);
    void move_to(Point point);

    /// What was said so far, and what of it is done with: nothing up to there waits any more.
    const InputProgress& said() const { return said_; }
    const InputProgress& settled() const { return settled_; }

    /// Called after each step of settled(), and before it for what did not arrive for sure. It may
    /// not call the scheduler. One callback; a second replaces the first.
    void on_settled(std::function<void(const Settlement&)> callback) {
        on_settled_ = std::move(callback);
    }

    /// Forgets what waits, and releases everything that the target may hold.
    void release_all();

    /// Nothing waits and nothing is in flight.
    bool idle() const;

    /// Motion events that went out together with earlier ones.
    std::uint64_t merged_moves() const { return merged_moves_; }
    /// Strokes and wheel turns that were thrown away since too many were waiting.
    std::uint64_t overflowed() const { return overflowed_; }

private:
    void on_delivered(Delivery delivery) override;
    void on_ready() override;
    void on_state_lost(Outage outage) override;

    enum class Phase : std::uint8_t { Following, ReleasingAll };

    struct Outgoing {
        ReportKind kind = ReportKind::Keyboard;
        HidReport report;
        InputProgress carries;  // the newest that is in it; zero where it is not news
        bool completes = true;  // or more reports of the same follow
    };

    void push(const Edge& edge);
    void settle(const InputProgress& reached, Delivery delivery);
    void tell(const InputProgress& reached, Delivery delivery) const;
    void take_motion(Edge& edge);
    void forget_waiting();
    void restart_from(const HidState& state);
    void restart_from_sources();
    void send_next();
    std::optional<Outgoing> next_report();
    std::optional<Outgoing> next_due_report();
    std::optional<Outgoing> next_edge_report();
    std::optional<Outgoing> next_motion_report();
    Outgoing report_motion(int& x, int& y, std::uint64_t moves, bool last);
    Outgoing report_place(Point point, std::uint64_t moves);
    Outgoing report_wheel(WheelTurn& turn);
    std::optional<Outgoing> report_stroke(const Edge& edge);

    SidewaysWheel sideways_wheel_ = SidewaysWheel::Off;
    HidSink* sink_ = nullptr;
    bool in_packet_ = false;
    bool in_flight_ = false;
    ReportKind in_flight_kind_ = ReportKind::Keyboard;
    InputProgress in_flight_carries_;
    bool in_flight_completes_ = true;

    HidState wanted_;   // after everything that waits
    HidState target_;   // after what is in flight
    HidState restart_;  // what to hold again once everything is released
    Phase phase_ = Phase::Following;
    std::array<bool, kReportKinds> due_{};      // to be sent whatever they hold
    std::array<bool, kReportKinds> refused_{};  // to be due again at on_ready()

    EdgeQueue edges_;
    int move_x_ = 0;
    int move_y_ = 0;
    std::optional<Point> move_to_;

    InputProgress said_;
    InputProgress settled_;
    std::function<void(const Settlement&)> on_settled_;

    std::uint64_t merged_moves_ = 0;
    std::uint64_t overflowed_ = 0;
};

}  // namespace minikvm
