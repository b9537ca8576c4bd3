// SPDX-License-Identifier: MIT
// Ch9329Engine: the talk with a CH9329 as a state machine over time. No I/O and no clock.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/ch9329_speed_raise.h"
#include "device/hid_sink.h"
#include "protocol/ch9329_commands.h"
#include "protocol/ch9329_frame.h"

namespace minikvm {

/// Since the chip was created.
struct Ch9329Counters {
    std::uint64_t reports = 0;      // HID reports acknowledged
    std::uint64_t retries = 0;      // commands sent again
    std::uint64_t errors = 0;       // commands given up, or refused by the chip
    std::uint64_t resyncs = 0;      // times that what was on the line was dropped
    std::uint64_t unconfirmed = 0;  // events whose acknowledgement was lost
};

struct Ch9329Options {
    std::optional<int> last_speed_bd;  // tried first
    bool raise_speed = false;          // move a chip at kFactorySpeed to kRaisedSpeed, for good
};

/// Called on the chip's thread. Each may be empty. None may destroy the chip.
struct Ch9329Callbacks {
    std::function<void(int speed_bd)> on_found;                      // it answers, at this speed
    std::function<void(const ch9329::Information&)> on_information;  // the first, then changes
    std::function<void(const Error&)> on_lost;                       // see Ch9329Chip
    std::function<void(int speed_bd)> on_raised = {};      // it keeps this speed from now on
    std::function<void(const Error&)> on_not_raised = {};  // it stays at the speed it has
};

/// The line to the chip: a serial port, or a test's model of one.
class Ch9329Wire {
public:
    Ch9329Wire(const Ch9329Wire&) = delete;
    Ch9329Wire& operator=(const Ch9329Wire&) = delete;
    virtual ~Ch9329Wire() = default;

    virtual void write(std::span<const std::uint8_t> frame) = 0;
    /// Also drops what is on its way, in either direction.
    virtual void set_speed(int speed_bd) = 0;

protected:
    Ch9329Wire() = default;
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
///                 +--done-- Raising <--first answer at kFactorySpeed, if wanted-- Asking
///              Probing --every speed, kWakeTime over: on_lost--> Pausing --kPause--> Probing
///              any --stop()--> Stopped
///
///          The probe is the all-released keyboard report. Asking is GET_INFO: since the chip
///          answers in order, what comes before its answer is late, and the line is in step again.
///          A command without an answer is settled by it: acknowledged late, or lost. State is then
///          sent again, up to kMaxTries; media keys once; motion and the wheel never, since nobody
///          knows whether they were done (decision 6).
///          Raising: Ch9329SpeedRaise. One that did not help is not tried again.
///          Knowingly not here: reset, reopen, USB reset, going back to a lower speed.
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
    static constexpr int kMaxTries = 3;
    // Damaged on its way: the chip says at once that it did nothing, so asking again costs little.
    static constexpr int kMaxDamaged = 10;
    // A chip that the open reset is silent for 700 to 750 ms (docs/hardware.md 5.7).
    static constexpr std::chrono::milliseconds kWakeTime{1000};
    static constexpr std::chrono::milliseconds kPause{1000};
    // As the vendor's app polls; its macOS one asks 0.3 s after a lock key (docs/hardware.md 5.4).
    static constexpr std::chrono::milliseconds kPollInterval{3000};
    static constexpr std::chrono::milliseconds kLedTime{300};

    static constexpr int kFactorySpeed = 9600;  // Bd (docs/hardware.md 5.1)
    static constexpr int kRaisedSpeed = 115200;

    /// `wire` must outlive the engine.
    Ch9329Engine(Ch9329Wire& wire, const Ch9329Options& options, Ch9329Callbacks callbacks);

    void start(TimePoint now);
    void receive(TimePoint now, std::span<const std::uint8_t> bytes);
    void advance(TimePoint now);
    std::optional<TimePoint> deadline() const { return deadline_; }

    /// The line is gone: nothing more is written, and a report in flight is undelivered.
    void stop();

    bool ready() const { return state_ == State::Ready; }
    void send(TimePoint now, const HidReport& report);
    void set_listener(HidSinkListener* listener) { listener_ = listener; }

    const std::optional<ch9329::Information>& information() const { return information_; }
    const Ch9329Counters& counters() const { return counters_; }

private:
    enum class State : std::uint8_t { Stopped, Probing, Pausing, Asking, Ready, Sending, Raising };

    // A command that carries a report.
    struct Dispatch {
        ch9329::Frame frame;
        ch9329::Command command = ch9329::Command::Keyboard;
        int max_tries = 1;       // when its acknowledgement is lost
        bool is_event = false;   // then it is counted as unconfirmed
        bool asks_leds = false;  // it presses a lock key
        bool acknowledged = false;
        int tries = 1;
        int damaged = 0;
    };

    static Dispatch dispatch_for(const HidReport& report);
    bool presses_lock_key(const hid::KeyboardReport& report) const;

    void begin_probing(TimePoint now);
    void probe(TimePoint now);
    void probe_next_speed(TimePoint now);
    std::size_t speeds_to_try(TimePoint now) const;
    void ask(TimePoint now);
    void ask_again_or_probe(TimePoint now);
    void transmit(TimePoint now, const ch9329::Frame& frame, std::size_t answer_bytes);
    void transmit_dispatch(TimePoint now);
    void time_out(TimePoint now);

    void handle_frames(TimePoint now);
    void handle(TimePoint now, const ch9329::Frame& frame);
    void handle_probe_answer(TimePoint now);
    void handle_information(TimePoint now, const ch9329::Frame& frame);
    void handle_acknowledgement(TimePoint now, const ch9329::Frame& frame);
    bool is_too_early(TimePoint now) const;
    void confirm_speed();
    bool wants_raise() const;
    void begin_raise(TimePoint now);
    void go_on_raising(TimePoint now, Ch9329SpeedRaise::Verdict verdict);
    void try_first(int speed_bd);

    void give_up_dispatch();
    void settle_lost_command(TimePoint now);
    void finish(TimePoint now, Delivery delivery);
    void become_ready(TimePoint now);
    void rest(TimePoint now);

    Ch9329Wire& wire_;
    Ch9329Callbacks callbacks_;
    HidSinkListener* listener_ = nullptr;

    State state_ = State::Stopped;
    std::optional<TimePoint> deadline_;
    ch9329::FrameParser parser_;

    std::vector<int> speeds_bd_;  // in the order of trying
    std::size_t speed_index_ = 0;
    TimePoint probing_since_;
    bool reported_lost_ = false;
    bool confirmed_ = false;  // the chip has answered a question at this speed

    bool may_raise_;
    bool raising_ = false;  // until it is seen which speed the chip then has
    std::optional<Ch9329SpeedRaise> raise_;

    TimePoint transmitted_at_;
    std::chrono::microseconds transmit_time_{0};
    int questions_ = 0;
    TimePoint next_question_;
    std::optional<TimePoint> led_question_;
    std::optional<Outage> state_lost_;  // the listener is to be told once the line is free

    std::optional<Dispatch> dispatch_;
    hid::KeyboardReport last_keyboard_;

    std::optional<ch9329::Information> information_;
    Ch9329Counters counters_;
};

}  // namespace minikvm
