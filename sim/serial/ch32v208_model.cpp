// SPDX-License-Identifier: MIT
// Commands, queues and switch of the CH32V208's firmware.

#include "sim/serial/ch32v208_model.h"

#include <algorithm>
#include <array>
#include <utility>

namespace minikvm::sim {
namespace {

using Payload = std::span<const std::uint8_t>;

// hardware.md 5.3, as far as this chip has them (5.12).
constexpr std::uint8_t kGetInformation = 0x01;
constexpr std::uint8_t kKeyboard = 0x02;
constexpr std::uint8_t kAbsoluteMouse = 0x04;
constexpr std::uint8_t kRelativeMouse = 0x05;
constexpr std::uint8_t kGetParameters = 0x08;
constexpr std::uint8_t kUsbSwitch = 0x17;

constexpr std::uint8_t kDone = static_cast<std::uint8_t>(Ch9329Status::Done);
constexpr std::uint8_t kBadParameter = static_cast<std::uint8_t>(Ch9329Status::BadParameter);
constexpr std::uint8_t kNotExecuted = static_cast<std::uint8_t>(Ch9329Status::NotExecuted);
constexpr std::uint8_t kUnknownCommand = static_cast<std::uint8_t>(Ch9329Status::UnknownCommand);

// hardware.md 4.4: four zeros, then one of these.
constexpr std::size_t kSwitchBytes = 5;
constexpr std::uint8_t kToHost = 0x00;
constexpr std::uint8_t kToTarget = 0x01;
constexpr std::uint8_t kQuery = 0x03;

constexpr std::uint8_t kThirdByte = 0x03;     // of GET_INFO's answer (5.4)
constexpr std::uint8_t kHighestUsage = 0x91;  // 5.12
constexpr std::uint8_t kFirstModifier = 0xE0;
constexpr std::uint8_t kLastModifier = 0xE7;
constexpr std::uint8_t kThreeButtons = 0x07;
constexpr unsigned kPlaceShift = 3;  // 0..4095 becomes 0..32760 (5.12)

// The USB packets have no line behind them; the receiver wants a speed all the same.
constexpr unsigned kNominalSpeedBd = 115200;
constexpr std::chrono::milliseconds kPacketInterval{3};

// Mode 80, serial mode 80, 115200 (5.12, with the layout of 5.5); the rest is not documented.
constexpr std::array<std::uint8_t, 50> kParameters = {0x80, 0x80, 0x00, 0x00, 0x01, 0xC2, 0x00};

}  // namespace

Ch32v208Model::Ch32v208Model(const Ch32v208Options& options, TargetPort& target)
    : options_(options), target_(target), receiver_(kPacketInterval) {
}

void Ch32v208Model::receive(TimePoint now, Payload bytes) {
    if (options_.is_silent) {
        return;
    }
    for (const std::uint8_t byte : bytes) {
        const auto reception = receiver_.receive({now, byte, kNominalSpeedBd});
        // A bad sum is dropped without a word (5.12).
        if (reception && reception->status == Ch9329Status::Done) {
            obey(now, reception->packet);
        }
    }
}

std::vector<std::uint8_t> Ch32v208Model::take_sent(std::size_t most) {
    const auto end = sent_.begin() + static_cast<std::ptrdiff_t>(std::min(most, sent_.size()));
    std::vector<std::uint8_t> taken(sent_.begin(), end);
    sent_.erase(sent_.begin(), end);
    return taken;
}

AnswerFault* Ch32v208Model::matching_fault(std::uint8_t command) {
    const auto fault = std::ranges::find_if(faults_, [command](const AnswerFault& candidate) {
        return candidate.remaining > 0 && candidate.command.value_or(command) == command;
    });
    return fault == faults_.end() ? nullptr : &*fault;
}

void Ch32v208Model::obey(TimePoint now, const Packet& packet) {
    using Kind = AnswerFault::Kind;
    AnswerFault* const fault = matching_fault(packet.command);
    const auto is = [fault](Kind kind) { return fault != nullptr && fault->kind == kind; };
    if (fault != nullptr) {
        --fault->remaining;
    }
    const Answer answer = is(Kind::Refused)
                              ? Answer{fault->status, {static_cast<std::uint8_t>(fault->status)}}
                              : execute(now, packet);
    if (answer.is_silent || is(Kind::Lost)) {
        return;
    }
    const bool done = answer.status == Ch9329Status::Done;
    const auto number =
        static_cast<std::uint8_t>(packet.command | (done ? kAnswerDone : kAnswerError));
    const std::vector<std::uint8_t> bytes = packet_bytes(0, number, answer.payload);
    const TimePoint due = is(Kind::Late) ? now + fault->delay : now;
    say(due, bytes);
    if (is(Kind::Doubled)) {
        say(due, bytes);
    }
    advance(now);
}

// In the order of the commands, so that a late answer holds up those behind it.
void Ch32v208Model::say(TimePoint due, std::vector<std::uint8_t> bytes) {
    delayed_.push_back(
        {delayed_.empty() ? due : std::max(due, delayed_.back().due), std::move(bytes)});
}

void Ch32v208Model::advance(TimePoint now) {
    while (!delayed_.empty() && delayed_.front().due <= now) {
        const auto& bytes = delayed_.front().bytes;
        sent_.insert(sent_.end(), bytes.begin(), bytes.end());
        delayed_.pop_front();
    }
}

std::optional<TimePoint> Ch32v208Model::next_event() const {
    return delayed_.empty() ? std::nullopt : std::optional(delayed_.front().due);
}

Ch32v208Model::Answer Ch32v208Model::execute(TimePoint now, const Packet& packet) {
    switch (packet.command) {
        case kGetInformation:
            return information();
        case kKeyboard:
            return keyboard(now, packet.payload);
        case kAbsoluteMouse:
            return absolute_mouse(now, packet.payload);
        case kRelativeMouse:
            return relative_mouse(now, packet.payload);
        case kGetParameters:
            return {Ch9329Status::Done, {kParameters.begin(), kParameters.end()}};
        case kUsbSwitch:
            return usb_switch(packet.payload);
        default:
            return {Ch9329Status::UnknownCommand, {kUnknownCommand}};
    }
}

Ch32v208Model::Answer Ch32v208Model::information() const {
    Answer answer;
    answer.is_silent = !options_.answers_information;
    answer.payload = {options_.version,
                      static_cast<std::uint8_t>(target_.enumerated() ? 1 : 0),
                      target_.leds(),
                      kThirdByte,
                      0,
                      0,
                      0,
                      0};
    return answer;
}

Ch32v208Model::Answer Ch32v208Model::keyboard(TimePoint now, Payload payload) {
    if (payload.size() != 8) {
        return {Ch9329Status::BadParameter, {kBadParameter}};
    }
    KeyboardReport report;
    report.modifiers = payload[0];
    std::size_t place = 0;
    for (const std::uint8_t usage : payload.subspan(2)) {
        if (usage >= kFirstModifier && usage <= kLastModifier) {
            report.modifiers |= static_cast<std::uint8_t>(1U << (usage - kFirstModifier));
        } else if (usage != 0 && usage <= kHighestUsage) {
            report.usages.at(place++) = usage;
        }
    }
    const auto equals = [&](const KeyboardReport& other) {
        return other.modifiers == report.modifiers && other.usages == report.usages;
    };
    if (!last_keys_ || !equals(*last_keys_)) {
        last_keys_ = report;
        give_keyboard(now, report);
    }
    return {Ch9329Status::Done, {kDone}};
}

void Ch32v208Model::give_keyboard(TimePoint now, const KeyboardReport& report) {
    if (target_.enumerated()) {
        target_.receive(now, report);
    } else if (waiting_keys_.size() < kKeyboardQueue) {
        waiting_keys_.push_back(report);
    }
}

void Ch32v208Model::give_mouse(TimePoint now, const HidReport& report) {
    if (target_.enumerated()) {
        target_.receive(now, report);
        return;
    }
    if (waiting_mice_.size() == kMouseQueue) {
        waiting_mice_.pop_front();
    }
    waiting_mice_.push_back(report);
}

Ch32v208Model::Answer Ch32v208Model::absolute_mouse(TimePoint now, Payload payload) {
    if (payload.size() != 7) {
        return {Ch9329Status::BadParameter, {kBadParameter}};
    }
    AbsoluteMouseReport report;
    report.buttons = payload[1] & kThreeButtons;
    report.x = static_cast<std::uint16_t>((payload[2] | payload[3] << 8U) << kPlaceShift);
    report.y = static_cast<std::uint16_t>((payload[4] | payload[5] << 8U) << kPlaceShift);
    report.wheel = static_cast<std::int8_t>(payload[6]);
    give_mouse(now, report);
    return {Ch9329Status::Done, {kDone}};
}

Ch32v208Model::Answer Ch32v208Model::relative_mouse(TimePoint now, Payload payload) {
    if (payload.size() != 5) {
        return {Ch9329Status::BadParameter, {kBadParameter}};
    }
    RelativeMouseReport report;
    report.buttons = payload[1] & kThreeButtons;
    report.dx = static_cast<std::int8_t>(payload[2]);
    report.dy = static_cast<std::int8_t>(payload[3]);
    report.wheel = static_cast<std::int8_t>(payload[4]);
    give_mouse(now, report);
    return {Ch9329Status::Done, {kDone}};
}

Ch32v208Model::Answer Ch32v208Model::usb_switch(Payload payload) {
    if (payload.size() < kSwitchBytes) {
        return {Ch9329Status::NotExecuted, {kNotExecuted}};
    }
    const std::uint8_t wanted = payload[kSwitchBytes - 1];
    if (wanted != kToHost && wanted != kToTarget && wanted != kQuery) {
        return {Ch9329Status::BadParameter, {}};
    }
    if (wanted != kQuery) {
        select(wanted == kToTarget ? Side::Target : Side::Host);
    }
    const Answer answer{Ch9329Status::Done, {selected_ == Side::Target ? kToTarget : kToHost}};
    if (options_.slide_rules) {
        select(slide_);  // after the answer, which is why a driver asks again
    }
    return answer;
}

void Ch32v208Model::select(Side side) {
    if (selected_ == side) {
        return;
    }
    selected_ = side;
    if (switched_) {
        switched_();
    }
}

void Ch32v208Model::set_slide(Side side) {
    if (slide_ != side) {
        slide_ = side;
        select(side);
    }
}

void Ch32v208Model::press_button() {
    select(selected_ == Side::Host ? Side::Target : Side::Host);
}

void Ch32v208Model::set_power(TimePoint now, PowerSource source, Power power) {
    const bool had_power = host_power_ || target_power_;
    (source == PowerSource::Host ? host_power_ : target_power_) = power == Power::On;
    const bool has_power = host_power_ || target_power_;
    if (had_power && !has_power) {
        target_.chip_left(now);
        select(Side::Host);  // where it is found again (4.4)
        delayed_.clear();
        sent_.clear();
        waiting_keys_.clear();
        waiting_mice_.clear();
        last_keys_.reset();
        receiver_.clear();
    } else if (!had_power && has_power) {
        start(now);
    }
}

// One unsolicited answer to GET_INFO (5.12).
void Ch32v208Model::start(TimePoint now) {
    target_.chip_came(now);
    say(now, packet_bytes(0, kGetInformation | kAnswerDone, information().payload));
    advance(now);
}

void Ch32v208Model::target_came(TimePoint now) {
    for (const KeyboardReport& report : std::exchange(waiting_keys_, {})) {
        target_.receive(now, report);
    }
    for (const HidReport& report : std::exchange(waiting_mice_, {})) {
        target_.receive(now, report);
    }
}

}  // namespace minikvm::sim
