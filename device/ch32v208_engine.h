// SPDX-License-Identifier: MIT
// Ch32v208Engine: the talk with a CH32V208 as a state machine over time. No I/O and no clock.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/hid_command.h"
#include "device/hid_sink.h"
#include "device/question_clock.h"
#include "device/report_delivery.h"
#include "protocol/ch9329_commands.h"
#include "protocol/ch9329_frame.h"
#include "protocol/switch_position.h"

namespace minikvm {

/// Called on the chip's thread. Each may be empty. None may destroy the chip.
struct Ch32v208Callbacks {
    std::function<void()> on_found;                                  // it answers
    std::function<void(const ch9329::Information&)> on_information;  // the first, then changes
    std::function<void(const Error&)> on_lost;                       // see Ch32v208Chip
    std::function<void(std::optional<SwitchPosition>)>
        on_position;  // where the port is, as it changes
};

/// Shape:   start() once. Then receive() what came, and advance() when deadline() is over; each
///          writes on the wire what is to be written. One command is unanswered at most.
///
///              Greeting --answer--> Asking --answer--> Ready --send()--> Sending --answer--> Ready
///                 ^  ^               |  ^               |  ^               |
///                 |  |               |  +--3 s, lock key|  |               | no answer in time:
///                 |  |               |                  |  |               | Asking, then again
///                 |  +--five silent--+                  |  +--answer-- Querying, Moving
///                 |                                     +--3 s, or select()--^
///                 +--kPause-- Pausing <--five silent: on_lost-- Greeting
///              any --stop()--> Stopped
///
///          Greeting is the all-released keyboard report. Asking is GET_INFO, which some firmware
///          does not answer (U): when it never has although the greeting was answered, it is not
///          asked again, and a command without an answer is settled as lost.
///          Recovery is what the chip allows: drop what is half received, GET_INFO, then say that
///          it is silent and go on greeting. It is never reset, reopened, nor sought at other
///          speeds, and no command is sent that it does not have.
///          The switch: a move's answer says where the port is then. It is asked for again
///          kSettleTime later, since on one board the slide may undo it at once (U).
///          Knowingly not here: that the chip keeps reports for a target that is not there.
/// Units:   an answer may take kAnswerTime; the line has no speed.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 4.4, 5.4, 5.12; decision 6 of docs/architecture.md.
class Ch32v208Engine final {
public:
    using SelectCallback = std::function<void(const Result<SwitchPosition>& position)>;

    static constexpr std::chrono::milliseconds kAnswerTime{100};
    static constexpr int kMaxQuestions = 5;
    static constexpr std::chrono::milliseconds kPause{1000};
    // As the vendor's applications poll the switch: every 1.6 or 3 s.
    static constexpr std::chrono::milliseconds kPollInterval{3000};
    static constexpr std::chrono::milliseconds kSettleTime{100};

    /// `wire` must outlive the engine.
    Ch32v208Engine(ChipWire& wire, Ch32v208Callbacks callbacks);

    void start(TimePoint now);
    void receive(TimePoint now, std::span<const std::uint8_t> bytes);
    void advance(TimePoint now);
    std::optional<TimePoint> deadline() const { return deadline_; }

    /// The line is gone: nothing more is written, and what is in flight has failed.
    void stop();

    bool ready() const { return state_ == State::Ready; }
    void send(TimePoint now, const HidReport& report);
    void set_listener(HidSinkListener* listener) { report_.set_listener(listener); }

    /// Moves the switchable port; a later call replaces one that is still waiting.
    /// `done` gets where the chip says the port then is, which need not be where it was wanted.
    /// Errors:  ProtocolError::NoReply, Refused, BadReply; Busy for one that was replaced.
    void select(TimePoint now, SwitchPosition position, SelectCallback done);
    const std::optional<SwitchPosition>& position() const { return position_; }

    const std::optional<ch9329::Information>& information() const { return information_; }
    const ChipCounters& counters() const { return counters_; }

private:
    enum class State : std::uint8_t {
        Stopped,
        Greeting,
        Pausing,
        Asking,
        Ready,
        Sending,
        Querying,
        Moving,
    };

    struct Move {
        SwitchPosition position = SwitchPosition::Host;
        SelectCallback done;
    };

    void greet(TimePoint now);
    void begin_asking(TimePoint now);
    void ask(TimePoint now);
    void query(TimePoint now);
    void begin_moving(TimePoint now);
    void transmit(TimePoint now, const ch9329::Frame& frame);
    void transmit_report(TimePoint now);
    void time_out(TimePoint now);
    void greeting_unanswered(TimePoint now);
    void question_unanswered(TimePoint now);
    void query_unanswered(TimePoint now);
    void move_unanswered(TimePoint now);
    void lose(TimePoint now);

    void handle_frames(TimePoint now);
    void handle(TimePoint now, const ch9329::Frame& frame);
    void handle_greeting_answer(TimePoint now);
    void handle_information(TimePoint now, const ch9329::Frame& frame);
    void handle_position(TimePoint now, const ch9329::Frame& frame);
    void show_position(std::optional<SwitchPosition> position);
    void finish_move(const Result<SwitchPosition>& position);

    void settle_report(TimePoint now);
    void conclude(TimePoint now, std::optional<Delivery> delivery);
    void become_ready(TimePoint now);
    void rest(TimePoint now);

    ChipWire& wire_;
    Ch32v208Callbacks callbacks_;
    ChipCounters counters_;
    ReportDelivery report_;

    State state_ = State::Stopped;
    std::optional<TimePoint> deadline_;
    ch9329::FrameParser parser_;
    bool receiving_ = false;
    bool sent_while_receiving_ = false;

    int tries_ = 0;  // of the greeting, the question, the query or the move that is under way
    bool reported_lost_ = false;
    bool asks_ = true;  // GET_INFO is answered, or may be
    QuestionClock question_clock_;
    TimePoint next_query_;

    std::optional<Move> waiting_move_;
    std::optional<Move> move_;
    std::optional<SwitchPosition> position_;

    std::optional<ch9329::Information> information_;
};

}  // namespace minikvm
