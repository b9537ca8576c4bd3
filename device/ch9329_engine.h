// SPDX-License-Identifier: MIT
// Ch9329Engine: the talk with a CH9329 as a state machine over time. No I/O and no clock.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/ch9329_speed_move.h"
#include "device/ch9329_speed_plan.h"
#include "device/ch9329_speed_search.h"
#include "device/hid_command.h"
#include "device/hid_sink.h"
#include "device/question_clock.h"
#include "device/report_delivery.h"
#include "protocol/ch9329_commands.h"
#include "protocol/ch9329_frame.h"

namespace minikvm {

struct Ch9329Options {
    std::optional<int> last_speed_bd;  // tried first
    bool raise_speed = false;          // see Ch9329SpeedPlan
};

/// Called on the chip's thread. Each may be empty. None may destroy the chip.
struct Ch9329Callbacks {
    std::function<void(int speed_bd)> on_found;                      // it answers, at this speed
    std::function<void(const ch9329::Information&)> on_information;  // the first, then changes
    std::function<void(const Error&)> on_lost;                       // see Ch9329Chip
    std::function<void(SpeedChange)> on_speed_change = {};           // never None
    // It answers at no speed; each time that all were tried. Ch9329Engine::reset() may be called.
    std::function<void(TimePoint now)> on_silent = {};
};

/// The line to the chip, which has a speed.
class Ch9329Wire : public ChipWire {
public:
    /// Also drops what is on its way, in either direction.
    virtual void set_speed(int speed_bd) = 0;
};

/// Shape:   start() once. Then receive() what came, and advance() when deadline() is over; each
///          writes on the wire what is to be written. One command is unanswered at most.
///
///              Probing --answer--> Asking --answer--> Ready --send()--> Sending --answer--> Ready
///                 ^ \--each speed--^  |    ^            |                  |
///                 |                   |    +--3 s, lock key                | no answer in time
///                 |                   |    +-------------------------------+
///                 +--five unanswered--+
///                 |  (two right after a probe, whose answer was then a late one of another speed)
///                 +--done-- Changing <--nothing in flight, another speed wanted-- any
///              Probing --at no speed: on_lost, on_silent--> Pausing --kPause--> Probing
///              Pausing --reset()--> Resetting --answer, or said at every speed--> Probing
///              any --stop()--> Stopped
///
///          The probe is the all-released keyboard report. Asking is GET_INFO: since the chip
///          answers in order, what comes before its answer is late, and the line is in step again.
///          A command without an answer is settled by it: acknowledged late, or lost. State is then
///          sent again, up to kMaxCommandTries; media keys once; motion and the wheel never, since
///          nobody knows whether they were done (decision 6). Changing: Ch9329SpeedMove,
///          when Ch9329SpeedPlan wants it. Knowingly not here: when to reset (RecoveryLadder).
/// Units:   an answer may take the time on the wire both ways and kAnswerTime.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.1, 5.6, 5.9, 5.10; decision 6 of docs/architecture.md.
class Ch9329Engine final {
public:
    // Recommended for data frames, within the vendor's 500 ms (docs/hardware.md 5.9).
    static constexpr std::chrono::milliseconds kAnswerTime{100};
    // Together the vendor's 500 ms (docs/hardware.md 5.1).
    static constexpr int kMaxQuestions = 5;
    // Of them right after a probe: enough for one lost answer.
    static constexpr int kMaxConfirmations = 2;
    static constexpr std::chrono::milliseconds kPause{1000};
    /// `wire` must outlive the engine.
    Ch9329Engine(Ch9329Wire& wire, const Ch9329Options& options, Ch9329Callbacks callbacks);

    void start(TimePoint now);
    void receive(TimePoint now, std::span<const std::uint8_t> bytes);
    void advance(TimePoint now);
    std::optional<TimePoint> deadline() const { return deadline_; }

    /// The line is gone: nothing more is written, and a report in flight is undelivered.
    void stop();

    /// Tells a silent chip to reset itself, at every speed, since what comes at another than its
    /// own is noise to it, and looks for it anew. From on_silent alone.
    void reset(TimePoint now);

    bool ready() const { return state_ == State::Ready; }
    void send(TimePoint now, const HidReport& report);
    void set_listener(HidSinkListener* listener) { report_.set_listener(listener); }

    const std::optional<ch9329::Information>& information() const { return information_; }
    const ChipCounters& counters() const { return counters_; }

private:
    enum class State : std::uint8_t {
        Stopped,
        Probing,
        Pausing,
        Resetting,
        Asking,
        Ready,
        Sending,
        Changing,
    };

    void begin_probing(TimePoint now);
    void probe(TimePoint now);
    void probe_next_speed(TimePoint now);
    void command_reset(TimePoint now);
    void begin_asking(TimePoint now);
    void ask(TimePoint now);
    void ask_again_or_probe(TimePoint now);
    void transmit(TimePoint now, const ch9329::Frame& frame, std::size_t answer_bytes);
    void transmit_report(TimePoint now);
    void time_out(TimePoint now);

    void handle_frames(TimePoint now);
    void handle(TimePoint now, const ch9329::Frame& frame);
    void handle_information(TimePoint now, const ch9329::Frame& frame);
    void handle_acknowledgement(TimePoint now, const ch9329::Frame& frame);
    bool is_too_early(TimePoint now) const;
    void confirm_speed(TimePoint now);
    bool begin_speed_change(TimePoint now);
    void go_on_changing(TimePoint now, Ch9329SpeedMove::Verdict verdict);
    void tell(SpeedChange change) const;

    void conclude(TimePoint now, std::optional<Delivery> delivery);
    void become_ready(TimePoint now);
    void rest(TimePoint now);

    Ch9329Wire& wire_;
    Ch9329Callbacks callbacks_;
    ChipCounters counters_;
    ReportDelivery report_;

    State state_ = State::Stopped;
    std::optional<TimePoint> deadline_;
    ch9329::FrameParser parser_;

    Ch9329SpeedSearch search_;
    bool reported_lost_ = false;
    bool confirmed_ = false;  // the chip has answered a question at this speed

    Ch9329SpeedPlan plan_;
    std::optional<Ch9329SpeedMove> change_;

    TimePoint transmitted_at_;
    std::chrono::microseconds transmit_time_{0};
    int questions_ = 0;
    QuestionClock question_clock_;
    std::optional<ch9329::Information> information_;
};

}  // namespace minikvm
