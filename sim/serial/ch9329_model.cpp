// SPDX-License-Identifier: MIT
// Ch9329Model: the keyboard chip as a state machine over time. No I/O and no clock.

#include "sim/serial/ch9329_model.h"

#include <algorithm>
#include <array>
#include <utility>

namespace minikvm::sim {
namespace {

constexpr std::uint8_t kBroadcast = 0xFF;
constexpr std::uint8_t kCustomFromTarget = 0x87;
constexpr std::uint8_t kReset = 0x0F;
constexpr unsigned kSpeedTolerancePercent = 2;  // hardware.md 5.1

Ch9329Settings initial_settings(InitialConfiguration initial) {
    return initial == InitialConfiguration::Factory ? Ch9329Settings::factory()
                                                    : Ch9329Settings::vendor_app();
}

}  // namespace

bool speeds_agree(unsigned receiver_bd, unsigned sender_bd) {
    const unsigned difference =
        receiver_bd > sender_bd ? receiver_bd - sender_bd : sender_bd - receiver_bd;
    return difference * 100ULL <= receiver_bd * 1ULL * kSpeedTolerancePercent;
}

Ch9329Model::Ch9329Model(const Ch9329Options& options, TargetPort& target)
    : options_(options),
      target_(target),
      stored_(initial_settings(options.initial)),
      active_(stored_),
      receiver_(active_.packet_interval()),
      sent_(active_.speed_bd()) {
}

void Ch9329Model::receive(const LineByte& byte) {
    advance(byte.ended);
    if (state_ != State::Running || !speeds_agree(active_.speed_bd(), byte.speed_bd)) {
        ++unheard_bytes_;
        return;
    }
    if (std::optional<Reception> reception = receiver_.receive(byte)) {
        hear(std::move(*reception));
    }
}

std::optional<LineByte> Ch9329Model::take_sent(TimePoint now) {
    advance(now);
    return sent_.take(now);
}

void Ch9329Model::hear(Reception reception) {
    const std::uint8_t own = active_.address();
    const std::uint8_t address = reception.packet.address;
    if (own != 0 && address != own && address != kBroadcast) {
        return;
    }
    if (step_ == Step::Idle) {
        begin(std::move(reception));
    } else if (waiting_.size() < options_.waiting_commands) {
        waiting_.push_back(std::move(reception));
    } else {
        ++lost_commands_;
    }
}

void Ch9329Model::begin(Reception reception) {
    current_ = std::move(reception);
    step_ = Step::Executing;
    step_ends_ = now_ + options_.command_time;
}

void Ch9329Model::finish_step() {
    switch (step_) {
        case Step::Idle:
            break;
        case Step::Executing:
            execute_current();
            break;
        case Step::Answering:
            send_answer();
            break;
        case Step::Sending:
            end_command();
            break;
    }
}

void Ch9329Model::execute_current() {
    step_ = Step::Answering;
    answer_copies_ = 1;
    if (wedged_) {
        const bool resets =
            current_.status == Ch9329Status::Done && current_.packet.command == kReset;
        outcome_ = Outcome{current_.status, {}, true, resets};
    } else if (current_.status == Ch9329Status::Done) {
        apply_fault(current_.packet);
    } else {
        outcome_ = Outcome{current_.status, {}, !answers_to(current_.status), false};
    }
    if (outcome_.silent || current_.packet.address == kBroadcast) {
        answer_copies_ = 0;
    }
}

bool Ch9329Model::answers_to(Ch9329Status reception_error) const {
    return (reception_error != Ch9329Status::ByteTimeout || options_.answers_incomplete) &&
           (reception_error != Ch9329Status::BadHeader || options_.answers_bad_header);
}

void Ch9329Model::apply_fault(const Packet& packet) {
    using Kind = AnswerFault::Kind;
    AnswerFault* fault = matching_fault(packet.command);
    const std::optional<Kind> kind = fault == nullptr ? std::nullopt : std::optional(fault->kind);
    if (fault != nullptr) {
        --fault->remaining;
    }
    if (kind == Kind::Refused) {
        outcome_ = Outcome{fault->status, {}, false, false};
        return;
    }
    outcome_ = execute(packet, {options_, active_, stored_, target_, now_});
    if (kind == Kind::Lost) {
        outcome_.silent = true;
    } else if (kind == Kind::Late) {
        step_ends_ += fault->delay;
    } else if (kind == Kind::Doubled) {
        answer_copies_ = 2;
    }
}

AnswerFault* Ch9329Model::matching_fault(std::uint8_t command) {
    const auto fault =
        std::find_if(faults_.begin(), faults_.end(), [command](const AnswerFault& candidate) {
            return candidate.remaining > 0 && candidate.command.value_or(command) == command;
        });
    return fault == faults_.end() ? nullptr : &*fault;
}

void Ch9329Model::send_answer() {
    const bool done = outcome_.status == Ch9329Status::Done;
    const auto number =
        static_cast<std::uint8_t>(current_.packet.command | (done ? kAnswerDone : kAnswerError));
    if (outcome_.answer.empty() || !done) {
        outcome_.answer = {static_cast<std::uint8_t>(outcome_.status)};
    }
    for (unsigned copy = 0; copy < answer_copies_; ++copy) {
        sent_.send(now_, packet_bytes(active_.address(), number, outcome_.answer));
    }
    step_ = Step::Sending;
    step_ends_ = sent_.idle_at(now_);
}

void Ch9329Model::end_command() {
    step_ = Step::Idle;
    if (outcome_.resets) {
        reset();
    } else if (!waiting_.empty()) {
        Reception next = std::move(waiting_.front());
        waiting_.pop_front();
        begin(std::move(next));
    }
}

void Ch9329Model::send_custom_hid(TimePoint now, std::span<const std::uint8_t> report) {
    advance(now);
    const WorkingMode mode = active_.working_mode();
    const bool has_custom_hid =
        mode == WorkingMode::Custom || mode == WorkingMode::KeyboardMouseCustom;
    if (state_ == State::Running && has_custom_hid) {
        sent_.send(now, packet_bytes(active_.address(), kCustomFromTarget, report));
    }
}

void Ch9329Model::set_def(TimePoint now, DefLevel level) {
    advance(now);
    def_.set(now, level, options_.def_reset_time);
}

void Ch9329Model::obey(DefPin::Effect effect) {
    if (effect == DefPin::Effect::Reset) {
        reset();
    } else if (options_.def_restores_factory && powered()) {
        stored_ = Ch9329Settings::factory();
        reset();
    }
}

void Ch9329Model::restore_factory(TimePoint now) {
    advance(now);
    stored_ = Ch9329Settings::factory();
    reset();
}

void Ch9329Model::set_power(TimePoint now, PowerSource source, Power power) {
    advance(now);
    const bool had_power = powered();
    (source == PowerSource::Host ? host_power_ : target_power_) = power == Power::On;
    if (had_power && !powered()) {
        stop();
        state_ = State::Off;
    } else if (!had_power && powered()) {
        state_ = State::Booting;
        boot_ends_ = now + kBootTime;
    }
}

/// Everything that is not kept without power is gone; the target sees an empty port.
void Ch9329Model::stop() {
    if (state_ == State::Running) {
        target_.chip_left(now_);
    }
    receiver_.clear();
    sent_.cut(now_);
    waiting_.clear();
    wedged_ = false;
    step_ = Step::Idle;
}

void Ch9329Model::reset() {
    if (!powered()) {
        return;
    }
    stop();
    state_ = State::Booting;
    boot_ends_ = now_ + kBootTime;
}

void Ch9329Model::boot() {
    state_ = State::Running;
    active_ = stored_;
    receiver_ = PacketReceiver(active_.packet_interval());
    sent_.set_speed(active_.speed_bd());
    target_.chip_came(now_);
}

std::optional<TimePoint> Ch9329Model::next_internal_event() const {
    std::optional<TimePoint> earliest;
    if (step_ != Step::Idle) {
        earliest = step_ends_;
    }
    if (state_ == State::Booting) {
        make_earlier(earliest, boot_ends_);
    }
    make_earlier(earliest, receiver_.deadline());
    make_earlier(earliest, def_.next());
    return earliest;
}

std::optional<TimePoint> Ch9329Model::next_event() const {
    std::optional<TimePoint> earliest = next_internal_event();
    make_earlier(earliest, sent_.next_byte_ends());
    return earliest;
}

void Ch9329Model::advance(TimePoint now) {
    for (auto next = next_internal_event(); next && *next <= now; next = next_internal_event()) {
        now_ = std::max(now_, *next);
        run_due();
    }
    now_ = std::max(now_, now);
}

void Ch9329Model::run_due() {
    if (const std::optional<DefPin::Effect> effect = def_.take(now_)) {
        obey(*effect);
    } else if (state_ == State::Booting && boot_ends_ <= now_) {
        boot();
    } else if (step_ != Step::Idle && step_ends_ <= now_) {
        finish_step();
    } else if (std::optional<Reception> overdue = receiver_.expire()) {
        hear(std::move(*overdue));
    }
}

}  // namespace minikvm::sim
