// SPDX-License-Identifier: MIT
// Ch9329Engine: stop and wait, and what to do when the answer does not come.

#include "device/ch9329_engine.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocol/errors.h"

namespace minikvm {
namespace {

using ch9329::Command;
using ch9329::Status;

// All that the chip can do (CH9329 datasheet), likeliest first: the vendor's apps set 115200, the
// factory 9600, some other boards 57600 (docs/hardware.md 5.6, 0.1 rule 4).
constexpr std::array kSpeedsBd = {115200, 9600, 57600, 38400, 19200, 14400, 4800, 2400, 1200};
constexpr std::size_t kLikelySpeeds = 4;

constexpr std::size_t kInformationAnswerBytes = ch9329::kFrameOverheadBytes + 8;

// Caps Lock, Scroll Lock, Num Lock (docs/hardware.md 7).
constexpr std::array kLockKeys = {hid::HidUsage{0x39}, hid::HidUsage{0x47}, hid::HidUsage{0x53}};

bool holds(const hid::KeyboardReport& report, hid::HidUsage usage) {
    return std::ranges::find(report.keys, usage) != report.keys.end();
}

bool moves(const hid::RelativeMouseReport& report) {
    return report.dx != 0 || report.dy != 0 || report.wheel != 0;
}

// The frame was damaged on its way, so it was not carried out.
bool was_damaged(const ch9329::Frame& answer) {
    if (answer.payload_size == 0) {
        return false;
    }
    const auto status = static_cast<Status>(answer.payload[0]);
    return status == Status::ByteTimeout || status == Status::BadHead || status == Status::BadSum;
}

template <typename... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace

Ch9329Engine::Ch9329Engine(Ch9329Wire& wire, const Ch9329Options& options,
                           Ch9329Callbacks callbacks)
    : wire_(wire), callbacks_(std::move(callbacks)), may_raise_(options.raise_speed) {
    if (options.last_speed_bd) {
        speeds_bd_.push_back(*options.last_speed_bd);
    }
    std::ranges::copy_if(kSpeedsBd, std::back_inserter(speeds_bd_),
                         [&](int speed) { return speed != options.last_speed_bd; });
}

void Ch9329Engine::start(TimePoint now) {
    begin_probing(now);
}

void Ch9329Engine::stop() {
    state_ = State::Stopped;
    deadline_.reset();
    give_up_dispatch();
}

void Ch9329Engine::give_up_dispatch() {
    const std::optional<Dispatch> given_up = std::exchange(dispatch_, std::nullopt);
    if (!given_up) {
        return;
    }
    // It may have been done, for all that anybody knows.
    if (given_up->is_event) {
        ++counters_.unconfirmed;
    }
    if (listener_ != nullptr) {
        listener_->on_delivered(Delivery::Undelivered);
    }
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
            speed_index_ = 0;
            probe(now);
            break;
        case State::Asking:
            ask_again_or_probe(now);
            break;
        case State::Ready:
        case State::Sending:
            questions_ = 0;
            ask(now);
            break;
        case State::Raising:
            go_on_raising(now, raise_->time_out());
            break;
        case State::Stopped:
            break;
    }
}

void Ch9329Engine::begin_probing(TimePoint now) {
    probing_since_ = now;
    information_.reset();
    speed_index_ = 0;
    probe(now);
}

void Ch9329Engine::probe(TimePoint now) {
    state_ = State::Probing;
    parser_ = {};
    last_keyboard_ = {};
    confirmed_ = false;
    wire_.set_speed(speeds_bd_[speed_index_]);
    transmit(now, ch9329::keyboard({}), ch9329::kAcknowledgementBytes);
}

std::size_t Ch9329Engine::speeds_to_try(TimePoint now) const {
    return now - probing_since_ < kWakeTime ? kLikelySpeeds : speeds_bd_.size();
}

void Ch9329Engine::probe_next_speed(TimePoint now) {
    ++speed_index_;
    if (speed_index_ < speeds_to_try(now)) {
        probe(now);
        return;
    }
    if (speed_index_ < speeds_bd_.size()) {
        speed_index_ = 0;
        probe(now);
        return;
    }
    speed_index_ = 0;
    state_ = State::Pausing;
    deadline_ = now + kPause;
    if (!std::exchange(reported_lost_, true) && callbacks_.on_lost) {
        callbacks_.on_lost(Error{ProtocolError::NoReply, "find the CH9329 at any speed"});
    }
}

void Ch9329Engine::ask(TimePoint now) {
    state_ = State::Asking;
    ++questions_;
    transmit(now, ch9329::get_information(), kInformationAnswerBytes);
}

void Ch9329Engine::ask_again_or_probe(TimePoint now) {
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
    try_first(speeds_bd_[speed_index_]);
    begin_probing(now);
    give_up_dispatch();
}

void Ch9329Engine::try_first(int speed_bd) {
    const auto found = std::ranges::find(speeds_bd_, speed_bd);
    assert(found != speeds_bd_.end());
    std::rotate(speeds_bd_.begin(), found, std::next(found));
}

void Ch9329Engine::transmit(TimePoint now, const ch9329::Frame& frame, std::size_t answer_bytes) {
    const ch9329::EncodedFrame encoded = ch9329::encode(frame);
    const int speed_bd = speeds_bd_[speed_index_];
    transmitted_at_ = now;
    transmit_time_ = ch9329::time_on_wire(encoded.bytes().size(), speed_bd);
    deadline_ = now + transmit_time_ + ch9329::time_on_wire(answer_bytes, speed_bd) + kAnswerTime;
    wire_.write(encoded.bytes());
}

Ch9329Engine::Dispatch Ch9329Engine::dispatch_for(const HidReport& report) {
    Dispatch dispatch;
    const auto fill = [&](const ch9329::Frame& frame, Command command, int max_tries) {
        dispatch.frame = frame;
        dispatch.command = command;
        dispatch.max_tries = max_tries;
        dispatch.is_event = max_tries < kMaxTries;
    };
    // Media bits are levels: the same again does nothing, yet a release must not get lost.
    constexpr int kMediaTries = 2;
    std::visit(Overloaded{
                   [&](const hid::KeyboardReport& one) {
                       fill(ch9329::keyboard(one), Command::Keyboard, kMaxTries);
                   },
                   [&](const hid::ConsumerReport& one) {
                       fill(ch9329::media(one), Command::Media, kMediaTries);
                   },
                   [&](const hid::SystemReport& one) {
                       fill(ch9329::media(one), Command::Media, kMediaTries);
                   },
                   [&](const hid::RelativeMouseReport& one) {
                       fill(ch9329::mouse_relative(one), Command::MouseRelative,
                            moves(one) ? 1 : kMaxTries);
                   },
                   [&](const hid::AbsoluteMouseReport& one) {
                       fill(ch9329::mouse_absolute(one), Command::MouseAbsolute,
                            one.wheel != 0 ? 1 : kMaxTries);
                   },
               },
               report);
    return dispatch;
}

bool Ch9329Engine::presses_lock_key(const hid::KeyboardReport& report) const {
    return std::ranges::any_of(kLockKeys, [&](hid::HidUsage key) {
        return holds(report, key) && !holds(last_keyboard_, key);
    });
}

void Ch9329Engine::send(TimePoint now, const HidReport& report) {
    assert(ready());
    dispatch_ = dispatch_for(report);
    if (const auto* keyboard = std::get_if<hid::KeyboardReport>(&report)) {
        dispatch_->asks_leds = presses_lock_key(*keyboard);
        last_keyboard_ = *keyboard;
    }
    transmit_dispatch(now);
}

void Ch9329Engine::transmit_dispatch(TimePoint now) {
    state_ = State::Sending;
    transmit(now, dispatch_->frame, ch9329::kAcknowledgementBytes);
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
                handle_probe_answer(now);
            }
            break;
        case State::Asking:
            if (ch9329::answers(frame, Command::GetInformation)) {
                handle_information(now, frame);
            } else if (dispatch_ && ch9329::parse_acknowledgement(frame, dispatch_->command)) {
                dispatch_->acknowledged = true;
            }
            break;
        case State::Sending:
            if (ch9329::answers(frame, dispatch_->command) && !is_too_early(now)) {
                handle_acknowledgement(now, frame);
            }
            break;
        case State::Raising:
            go_on_raising(now, raise_->take(frame));
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

// Good or bad: whoever answers has understood the speed, unless the answer is a late one to a probe
// at another speed, which the next question shows.
void Ch9329Engine::handle_probe_answer(TimePoint now) {
    questions_ = 0;
    ask(now);
}

void Ch9329Engine::confirm_speed() {
    confirmed_ = true;
    state_lost_ = std::exchange(reported_lost_, false) ? Outage::Long : Outage::Brief;
    const int speed_bd = speeds_bd_[speed_index_];
    if (callbacks_.on_found) {
        callbacks_.on_found(speed_bd);
    }
    if (!std::exchange(raising_, false)) {
        return;
    }
    if (speed_bd == kRaisedSpeed && callbacks_.on_raised) {
        callbacks_.on_raised(speed_bd);
    } else if (speed_bd != kRaisedSpeed) {
        may_raise_ = false;
        if (callbacks_.on_not_raised) {
            callbacks_.on_not_raised(
                Error{ProtocolError::Refused, "raise the speed: the chip kept the one it had"});
        }
    }
}

bool Ch9329Engine::wants_raise() const {
    return may_raise_ && speeds_bd_[speed_index_] == kFactorySpeed;
}

void Ch9329Engine::begin_raise(TimePoint now) {
    raise_.emplace(kRaisedSpeed);
    go_on_raising(now, Ch9329SpeedRaise::Verdict::SendNext);
}

void Ch9329Engine::go_on_raising(TimePoint now, Ch9329SpeedRaise::Verdict verdict) {
    switch (verdict) {
        case Ch9329SpeedRaise::Verdict::Ignore:
            break;
        case Ch9329SpeedRaise::Verdict::SendNext:
            state_ = State::Raising;
            transmit(now, raise_->command(), raise_->answer_bytes());
            break;
        case Ch9329SpeedRaise::Verdict::Done:
            raising_ = true;
            try_first(kRaisedSpeed);
            begin_probing(now);
            break;
        case Ch9329SpeedRaise::Verdict::Failed:
            may_raise_ = false;
            become_ready(now);
            if (callbacks_.on_not_raised) {
                callbacks_.on_not_raised(
                    Error{ProtocolError::Refused, "raise the speed of the input chip"});
            }
            break;
    }
}

void Ch9329Engine::handle_information(TimePoint now, const ch9329::Frame& frame) {
    const auto answer = ch9329::parse_information(frame);
    if (!answer || is_too_early(now)) {
        return;
    }
    if (!confirmed_) {
        confirm_speed();
    }
    // The target forgot what was pressed; the chip did not (docs/hardware.md 5.10).
    const bool came_back =
        information_ && !information_->target_connected && answer->target_connected;
    if (came_back) {
        state_lost_ = Outage::Brief;
    }
    next_question_ = now + kPollInterval;
    if (led_question_ && *led_question_ > now) {
        next_question_ = *led_question_;
    } else {
        led_question_.reset();
    }
    const bool is_news = information_ != *answer;
    information_ = *answer;
    if (dispatch_) {
        settle_lost_command(now);
    } else if (wants_raise()) {
        begin_raise(now);
    } else {
        become_ready(now);
    }
    if (is_news && callbacks_.on_information) {
        callbacks_.on_information(*answer);
    }
}

void Ch9329Engine::settle_lost_command(TimePoint now) {
    if (dispatch_->acknowledged) {
        ++counters_.reports;
        finish(now, Delivery::Acknowledged);
        return;
    }
    if (dispatch_->is_event) {
        ++counters_.unconfirmed;
    }
    if (dispatch_->tries < dispatch_->max_tries) {
        ++dispatch_->tries;
        ++counters_.retries;
        transmit_dispatch(now);
    } else if (dispatch_->max_tries == 1) {
        finish(now, Delivery::Unconfirmed);
    } else {
        ++counters_.errors;
        finish(now, Delivery::Refused);
    }
}

void Ch9329Engine::handle_acknowledgement(TimePoint now, const ch9329::Frame& frame) {
    if (ch9329::parse_acknowledgement(frame, dispatch_->command)) {
        ++counters_.reports;
        finish(now, Delivery::Acknowledged);
    } else if (was_damaged(frame) && dispatch_->damaged < kMaxDamaged) {
        ++dispatch_->damaged;
        ++counters_.retries;
        transmit_dispatch(now);
    } else {
        ++counters_.errors;
        finish(now, Delivery::Refused);
    }
}

void Ch9329Engine::finish(TimePoint now, Delivery delivery) {
    if (dispatch_->asks_leds && delivery == Delivery::Acknowledged) {
        next_question_ = now;
        led_question_ = now + kLedTime;
    }
    dispatch_.reset();
    rest(now);
    // Without a listener there is nothing to send again; one that comes begins anew anyway.
    const std::optional<Outage> outage = std::exchange(state_lost_, std::nullopt);
    if (listener_ == nullptr) {
        return;
    }
    // First, so that what is sent next starts from all-released.
    if (outage) {
        listener_->on_state_lost(*outage);
    }
    listener_->on_delivered(delivery);
}

void Ch9329Engine::become_ready(TimePoint now) {
    rest(now);
    const std::optional<Outage> outage = std::exchange(state_lost_, std::nullopt);
    if (listener_ == nullptr) {
        return;
    }
    if (outage) {
        listener_->on_state_lost(*outage);
    } else {
        listener_->on_ready();
    }
}

void Ch9329Engine::rest(TimePoint now) {
    if (now >= next_question_) {
        questions_ = 0;
        ask(now);
        return;
    }
    state_ = State::Ready;
    deadline_ = next_question_;
}

}  // namespace minikvm
