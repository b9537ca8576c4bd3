// SPDX-License-Identifier: MIT
// Ch9329Engine: stop and wait, and what to do when the answer does not come.

#include "device/ch9329_engine.h"

#include <cassert>
#include <utility>

#include "protocol/errors.h"

namespace minikvm {
namespace {

using ch9329::Command;

constexpr std::size_t kInformationAnswerBytes = ch9329::kFrameOverheadBytes + 8;

}  // namespace

Ch9329Engine::Ch9329Engine(Ch9329Wire& wire, const Ch9329Options& options,
                           Ch9329Callbacks callbacks)
    : wire_(wire),
      callbacks_(std::move(callbacks)),
      report_(counters_),
      search_(options.last_speed_bd),
      plan_(options.raise_speed) {
}

void Ch9329Engine::start(TimePoint now) {
    begin_probing(now);
}

void Ch9329Engine::stop() {
    state_ = State::Stopped;
    deadline_.reset();
    report_.give_up();
}

void Ch9329Engine::receive(TimePoint now, std::span<const std::uint8_t> bytes) {
    parser_.push(bytes);
    handle_frames(now);
}

void Ch9329Engine::advance(TimePoint now) {
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

void Ch9329Engine::time_out(TimePoint now) {
    switch (state_) {
        case State::Probing:
            probe_next_speed(now);
            break;
        case State::Pausing:
            search_.begin_with_all();
            probe(now);
            break;
        case State::Resetting:
            if (search_.next(now)) {
                command_reset(now);
            } else {
                begin_probing(now);
            }
            break;
        case State::Asking:
            ask_again_or_probe(now);
            break;
        case State::Sending:
            plan_.mishap(now);
            [[fallthrough]];
        case State::Ready:
            begin_asking(now);
            break;
        case State::Changing:
            go_on_changing(now, change_->time_out());
            break;
        case State::Stopped:
            break;
    }
}

void Ch9329Engine::begin_probing(TimePoint now) {
    information_.reset();
    search_.begin(now);
    probe(now);
}

void Ch9329Engine::probe(TimePoint now) {
    state_ = State::Probing;
    parser_ = {};
    report_.all_released();
    confirmed_ = false;
    wire_.set_speed(search_.speed_bd());
    transmit(now, ch9329::keyboard({}), ch9329::kAcknowledgementBytes);
}

void Ch9329Engine::probe_next_speed(TimePoint now) {
    if (search_.next(now)) {
        probe(now);
        return;
    }
    state_ = State::Pausing;
    deadline_ = now + kPause;
    if (!std::exchange(reported_lost_, true) && callbacks_.on_lost) {
        callbacks_.on_lost(Error{ProtocolError::NoReply, "find the CH9329 at any speed"});
    }
    if (callbacks_.on_silent) {
        callbacks_.on_silent(now);
    }
}

void Ch9329Engine::reset(TimePoint now) {
    assert(state_ == State::Pausing);
    search_.begin_with_all();
    command_reset(now);
}

void Ch9329Engine::command_reset(TimePoint now) {
    state_ = State::Resetting;
    wire_.set_speed(search_.speed_bd());
    transmit(now, ch9329::reset(), ch9329::kAcknowledgementBytes);
}

void Ch9329Engine::begin_asking(TimePoint now) {
    questions_ = 0;
    ask(now);
}

void Ch9329Engine::ask(TimePoint now) {
    state_ = State::Asking;
    ++questions_;
    transmit(now, ch9329::get_information(), kInformationAnswerBytes);
}

void Ch9329Engine::ask_again_or_probe(TimePoint now) {
    if (questions_ == 1) {
        plan_.mishap(now);
    }
    if (questions_ < (confirmed_ ? kMaxQuestions : kMaxConfirmations)) {
        ++counters_.retries;
        ask(now);
        return;
    }
    if (!confirmed_) {
        probe_next_speed(now);
        return;
    }
    ++counters_.errors;
    search_.try_first(search_.speed_bd());
    begin_probing(now);
    report_.give_up();
}

void Ch9329Engine::transmit(TimePoint now, const ch9329::Frame& frame, std::size_t answer_bytes) {
    const ch9329::EncodedFrame encoded = ch9329::encode(frame);
    const int speed_bd = search_.speed_bd();
    transmitted_at_ = now;
    transmit_time_ = ch9329::time_on_wire(encoded.bytes().size(), speed_bd);
    deadline_ = now + transmit_time_ + ch9329::time_on_wire(answer_bytes, speed_bd) + kAnswerTime;
    wire_.write(encoded.bytes());
}

void Ch9329Engine::send(TimePoint now, const HidReport& report) {
    assert(ready());
    report_.begin(report);
    transmit_report(now);
}

void Ch9329Engine::transmit_report(TimePoint now) {
    state_ = State::Sending;
    transmit(now, report_.frame(), ch9329::kAcknowledgementBytes);
}

void Ch9329Engine::handle_frames(TimePoint now) {
    while (const std::optional<ch9329::Frame> frame = parser_.next()) {
        handle(now, *frame);
    }
}

// What fits nowhere is an answer that came too late, or twice.
void Ch9329Engine::handle(TimePoint now, const ch9329::Frame& frame) {
    switch (state_) {
        case State::Probing:
            if (ch9329::answers(frame, Command::Keyboard) && !is_too_early(now)) {
                // Good or bad: whoever answers has understood the speed, unless the answer is a
                // late one to a probe at another speed, which the next question shows.
                begin_asking(now);
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
            if (report_.is_answered_by(frame) && !is_too_early(now)) {
                handle_acknowledgement(now, frame);
            }
            break;
        case State::Resetting:
            if (ch9329::answers(frame, Command::Reset)) {
                begin_probing(now);
            }
            break;
        case State::Changing:
            go_on_changing(now, change_->take(frame));
            break;
        case State::Stopped:
        case State::Pausing:
        case State::Ready:
            break;
    }
}

// The second of two answers to the last command: this one cannot even have reached the chip. A
// quarter is left for clocks, which differ by 2 % at most (docs/hardware.md 5.1).
bool Ch9329Engine::is_too_early(TimePoint now) const {
    return now - transmitted_at_ < transmit_time_ * 3 / 4;
}

void Ch9329Engine::confirm_speed(TimePoint now) {
    confirmed_ = true;
    report_.state_is_lost(std::exchange(reported_lost_, false) ? Outage::Long : Outage::Brief);
    const int speed_bd = search_.speed_bd();
    if (callbacks_.on_found) {
        callbacks_.on_found(speed_bd);
    }
    tell(plan_.found(now, speed_bd));
}

void Ch9329Engine::tell(SpeedChange change) const {
    if (change != SpeedChange::None && callbacks_.on_speed_change) {
        callbacks_.on_speed_change(change);
    }
}

/// Whether it has.
bool Ch9329Engine::begin_speed_change(TimePoint now) {
    const std::optional<int> wanted_bd = plan_.wanted(search_.speed_bd());
    if (wanted_bd) {
        change_.emplace(*wanted_bd);
        go_on_changing(now, Ch9329SpeedMove::Verdict::SendNext);
    }
    return wanted_bd.has_value();
}

void Ch9329Engine::go_on_changing(TimePoint now, Ch9329SpeedMove::Verdict verdict) {
    switch (verdict) {
        case Ch9329SpeedMove::Verdict::Ignore:
            break;
        case Ch9329SpeedMove::Verdict::SendNext:
            state_ = State::Changing;
            transmit(now, change_->command(), change_->answer_bytes());
            break;
        case Ch9329SpeedMove::Verdict::Done:
            plan_.attempted(change_->speed_bd());
            search_.try_first(change_->speed_bd());
            begin_probing(now);
            break;
        case Ch9329SpeedMove::Verdict::Failed:
            tell(plan_.failed(change_->speed_bd()));
            become_ready(now);
            break;
    }
}

void Ch9329Engine::handle_information(TimePoint now, const ch9329::Frame& frame) {
    const auto answer = ch9329::parse_information(frame);
    if (!answer || is_too_early(now)) {
        return;
    }
    if (!confirmed_) {
        confirm_speed(now);
    }
    // The target forgot what was pressed; the chip did not (docs/hardware.md 5.10).
    const bool came_back =
        information_ && !information_->target_connected && answer->target_connected;
    if (came_back) {
        report_.state_is_lost(Outage::Brief);
    }
    question_clock_.answered(now);
    const bool is_news = information_ != *answer;
    information_ = *answer;
    if (report_.in_flight()) {
        conclude(now, report_.settle());
    } else if (!begin_speed_change(now)) {
        become_ready(now);
    }
    if (is_news && callbacks_.on_information) {
        callbacks_.on_information(*answer);
    }
}

void Ch9329Engine::handle_acknowledgement(TimePoint now, const ch9329::Frame& frame) {
    const std::optional<Delivery> delivery = report_.take_answer(frame);
    if (!delivery && report_.damaged() == 1) {
        plan_.mishap(now);
    }
    conclude(now, delivery);
}

void Ch9329Engine::conclude(TimePoint now, std::optional<Delivery> delivery) {
    if (!delivery) {
        transmit_report(now);
        return;
    }
    if (report_.finish(*delivery)) {
        question_clock_.lock_key_pressed(now);
    }
    rest(now);
    report_.tell(delivery);
    if (state_ == State::Ready && question_clock_.suits(now)) {
        begin_asking(now);
    }
}

void Ch9329Engine::become_ready(TimePoint now) {
    rest(now);
    report_.tell(std::nullopt);
}

void Ch9329Engine::rest(TimePoint now) {
    if (begin_speed_change(now)) {
        return;
    }
    if (now >= question_clock_.next()) {
        begin_asking(now);
        return;
    }
    state_ = State::Ready;
    deadline_ = question_clock_.next();
}

}  // namespace minikvm
