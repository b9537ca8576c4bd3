// SPDX-License-Identifier: MIT
// Ch32v208Engine: stop and wait, between reports the switch.

#include "device/ch32v208_engine.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocol/errors.h"

namespace minikvm {
namespace {

using ch9329::Command;

tl::unexpected<Error> move_error(ProtocolError error, const char* why) {
    return make_error(error, why);
}

}  // namespace

Ch32v208Engine::Ch32v208Engine(ChipWire& wire, Ch32v208Callbacks callbacks)
    : wire_(wire), callbacks_(std::move(callbacks)), report_(counters_) {
}

void Ch32v208Engine::start(TimePoint now) {
    tries_ = 0;
    greet(now);
}

void Ch32v208Engine::stop() {
    state_ = State::Stopped;
    deadline_.reset();
    report_.give_up();
    finish_move(move_error(ProtocolError::NoReply, "move the USB switch"));
}

void Ch32v208Engine::receive(TimePoint now, std::span<const std::uint8_t> bytes) {
    parser_.push(bytes);
    handle_frames(now);
}

void Ch32v208Engine::advance(TimePoint now) {
    // What looks like the beginning of a frame may hide the answer behind it.
    while (deadline_ && now >= *deadline_ && parser_.holds_partial()) {
        ++counters_.resyncs;
        parser_.drop_partial();
        handle_frames(now);
    }
    if (deadline_ && now >= *deadline_) {
        time_out(now);
    }
}

void Ch32v208Engine::time_out(TimePoint now) {
    switch (state_) {
        case State::Greeting:
            greeting_unanswered(now);
            break;
        case State::Pausing:
            start(now);
            break;
        case State::Asking:
            question_unanswered(now);
            break;
        case State::Ready:
            rest(now);
            break;
        case State::Sending:
            if (asks_) {
                begin_asking(now);
            } else {
                settle_report(now);
            }
            break;
        case State::Querying:
            query_unanswered(now);
            break;
        case State::Moving:
            move_unanswered(now);
            break;
        case State::Stopped:
            break;
    }
}

void Ch32v208Engine::greet(TimePoint now) {
    state_ = State::Greeting;
    ++tries_;
    report_.all_released();
    transmit(now, ch9329::keyboard({}));
}

void Ch32v208Engine::greeting_unanswered(TimePoint now) {
    if (tries_ < kMaxQuestions) {
        greet(now);
        return;
    }
    state_ = State::Pausing;
    deadline_ = now + kPause;
    if (!std::exchange(reported_lost_, true)) {
        show_position(std::nullopt);
        finish_move(move_error(ProtocolError::NoReply, "move the USB switch"));
        if (callbacks_.on_lost) {
            callbacks_.on_lost(Error{ProtocolError::NoReply, "greet the CH32V208"});
        }
    }
}

void Ch32v208Engine::begin_asking(TimePoint now) {
    tries_ = 0;
    ask(now);
}

void Ch32v208Engine::ask(TimePoint now) {
    state_ = State::Asking;
    ++tries_;
    transmit(now, ch9329::get_information());
}

void Ch32v208Engine::question_unanswered(TimePoint now) {
    if (tries_ < kMaxQuestions) {
        counters_.retries += information_ ? 1 : 0;
        ask(now);
        return;
    }
    if (information_) {
        lose(now);
        report_.give_up();
        return;
    }
    asks_ = false;
    if (report_.in_flight()) {
        settle_report(now);
    } else {
        become_ready(now);
    }
}

void Ch32v208Engine::lose(TimePoint now) {
    ++counters_.errors;
    information_.reset();
    start(now);
}

void Ch32v208Engine::query(TimePoint now) {
    state_ = State::Querying;
    ++tries_;
    transmit(now, ch9329::query_usb_switch());
}

void Ch32v208Engine::query_unanswered(TimePoint now) {
    if (tries_ < kMaxCommandTries) {
        ++counters_.retries;
        query(now);
        return;
    }
    show_position(std::nullopt);
    next_query_ = now + kPollInterval;
    become_ready(now);
}

void Ch32v208Engine::select(TimePoint now, SwitchPosition position, SelectCallback done) {
    if (const std::optional<Move> replaced = std::exchange(waiting_move_, std::nullopt)) {
        replaced->done(make_error(ControlError::Busy, "move the USB switch: somebody else did"));
    }
    waiting_move_ = Move{position, std::move(done)};
    if (state_ == State::Ready) {
        rest(now);
    } else if (state_ == State::Stopped || state_ == State::Pausing) {
        finish_move(move_error(ProtocolError::NoReply, "move the USB switch"));
    }
}

void Ch32v208Engine::begin_moving(TimePoint now) {
    state_ = State::Moving;
    ++tries_;
    transmit(now, ch9329::usb_switch(move_->position));
}

// It may be said again as often as one likes (docs/hardware.md 4.4).
void Ch32v208Engine::move_unanswered(TimePoint now) {
    if (tries_ < kMaxCommandTries) {
        ++counters_.retries;
        begin_moving(now);
        return;
    }
    ++counters_.errors;
    finish_move(move_error(ProtocolError::NoReply, "move the USB switch"));
    next_query_ = now;
    become_ready(now);
}

// Of the move under way and of one that waits behind it, when both have failed.
void Ch32v208Engine::finish_move(const Result<SwitchPosition>& position) {
    const std::optional<Move> finished = std::exchange(move_, std::nullopt);
    const std::optional<Move> waiting =
        position ? std::nullopt : std::exchange(waiting_move_, std::nullopt);
    for (const std::optional<Move>* one : {&finished, &waiting}) {
        if (*one && (*one)->done) {
            (*one)->done(position);
        }
    }
}

void Ch32v208Engine::transmit(TimePoint now, const ch9329::Frame& frame) {
    const ch9329::EncodedFrame encoded = ch9329::encode(frame);
    deadline_ = now + kAnswerTime;
    sent_while_receiving_ = receiving_;
    wire_.write(encoded.bytes());
}

void Ch32v208Engine::send(TimePoint now, const HidReport& report) {
    assert(ready());
    report_.begin(report);
    transmit_report(now);
}

void Ch32v208Engine::transmit_report(TimePoint now) {
    state_ = State::Sending;
    transmit(now, report_.frame());
}

// A frame that came together with the answer to one command cannot answer the next, which was sent
// when that was read: it is the second of two answers.
void Ch32v208Engine::handle_frames(TimePoint now) {
    receiving_ = true;
    sent_while_receiving_ = false;
    while (const std::optional<ch9329::Frame> frame = parser_.next()) {
        if (!sent_while_receiving_) {
            handle(now, *frame);
        }
    }
    receiving_ = false;
}

// What fits nowhere is an answer that came too late, or the information at the chip's start.
void Ch32v208Engine::handle(TimePoint now, const ch9329::Frame& frame) {
    switch (state_) {
        case State::Greeting:
            if (ch9329::answers(frame, Command::Keyboard)) {
                handle_greeting_answer(now);
            }
            break;
        case State::Asking:
            if (ch9329::answers(frame, Command::GetInformation)) {
                handle_information(now, frame);
            } else {
                report_.take_late(frame);
            }
            break;
        case State::Sending:
            if (report_.is_answered_by(frame)) {
                conclude(now, report_.take_answer(frame));
            }
            break;
        case State::Querying:
        case State::Moving:
            if (ch9329::answers(frame, Command::UsbSwitch)) {
                handle_position(now, frame);
            }
            break;
        case State::Stopped:
        case State::Pausing:
        case State::Ready:
            break;
    }
}

void Ch32v208Engine::handle_greeting_answer(TimePoint now) {
    report_.state_is_lost(std::exchange(reported_lost_, false) ? Outage::Long : Outage::Brief);
    asks_ = true;
    next_query_ = now;
    if (callbacks_.on_found) {
        callbacks_.on_found();
    }
    begin_asking(now);
}

void Ch32v208Engine::handle_information(TimePoint now, const ch9329::Frame& frame) {
    const auto answer = ch9329::parse_information(frame);
    if (!answer) {
        return;
    }
    // The target forgot what was pressed; the chip did not (docs/hardware.md 5.10).
    if (information_ && !information_->target_connected && answer->target_connected) {
        report_.state_is_lost(Outage::Brief);
    }
    question_clock_.answered(now);
    const bool is_news = information_ != *answer;
    information_ = *answer;
    if (report_.in_flight()) {
        settle_report(now);
    } else {
        become_ready(now);
    }
    if (is_news && callbacks_.on_information) {
        callbacks_.on_information(*answer);
    }
}

void Ch32v208Engine::handle_position(TimePoint now, const ch9329::Frame& frame) {
    const Result<SwitchPosition> answer = ch9329::parse_usb_switch(frame);
    const bool moved = state_ == State::Moving;
    next_query_ = now + (moved ? kSettleTime : kPollInterval);
    if (answer) {
        show_position(*answer);
    } else {
        ++counters_.errors;
    }
    if (moved) {
        finish_move(answer);
    }
    become_ready(now);
}

void Ch32v208Engine::show_position(std::optional<SwitchPosition> position) {
    if (position_ != position) {
        position_ = position;
        if (callbacks_.on_position) {
            callbacks_.on_position(position_);
        }
    }
}

void Ch32v208Engine::settle_report(TimePoint now) {
    const std::optional<Delivery> delivery = report_.settle();
    // Where it is not asked, nothing else says whether the chip is still there.
    if (!asks_ && delivery && delivery != Delivery::Acknowledged) {
        lose(now);
        report_.finish(Delivery::Undelivered);
        report_.tell(Delivery::Undelivered);
    } else {
        conclude(now, delivery);
    }
}

void Ch32v208Engine::conclude(TimePoint now, std::optional<Delivery> delivery) {
    if (!delivery) {
        transmit_report(now);
        return;
    }
    if (report_.finish(*delivery)) {
        question_clock_.lock_key_pressed(now);
    }
    rest(now);
    report_.tell(delivery);
    if (state_ == State::Ready && asks_ && question_clock_.suits(now)) {
        ask(now);
    }
}

void Ch32v208Engine::become_ready(TimePoint now) {
    rest(now);
    if (state_ == State::Ready) {
        report_.tell(std::nullopt);
    }
}

// The line is free: what is due goes first, and reports when nothing is.
void Ch32v208Engine::rest(TimePoint now) {
    tries_ = 0;
    if (waiting_move_) {
        move_ = std::exchange(waiting_move_, std::nullopt);
        begin_moving(now);
    } else if (asks_ && now >= question_clock_.next()) {
        ask(now);
    } else if (now >= next_query_) {
        query(now);
    } else {
        state_ = State::Ready;
        deadline_ = asks_ ? std::min(question_clock_.next(), next_query_) : next_query_;
    }
}

}  // namespace minikvm
