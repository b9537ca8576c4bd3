// SPDX-License-Identifier: MIT

#include "device/report_delivery.h"

#include <cassert>
#include <utility>
#include <variant>

namespace minikvm {

void ReportDelivery::begin(const HidReport& report) {
    assert(!in_flight());
    flight_ = Flight{.command = hid_command(report)};
    if (const auto* keyboard = std::get_if<hid::KeyboardReport>(&report)) {
        flight_->asks_leds = presses_lock_key(last_keyboard_, *keyboard);
        last_keyboard_ = *keyboard;
    }
}

bool ReportDelivery::is_answered_by(const ch9329::Frame& frame) const {
    return ch9329::answers(frame, flight_->command.command);
}

void ReportDelivery::take_late(const ch9329::Frame& frame) {
    if (flight_ && ch9329::parse_acknowledgement(frame, flight_->command.command)) {
        flight_->acknowledged = true;
    }
}

std::optional<Delivery> ReportDelivery::take_answer(const ch9329::Frame& answer) {
    if (ch9329::parse_acknowledgement(answer, flight_->command.command)) {
        return Delivery::Acknowledged;
    }
    if (!says_damaged(answer) || flight_->damaged == kMaxDamaged) {
        return Delivery::Refused;
    }
    ++flight_->damaged;
    ++counters_.retries;
    return std::nullopt;
}

std::optional<Delivery> ReportDelivery::settle() {
    if (flight_->acknowledged) {
        return Delivery::Acknowledged;
    }
    if (flight_->command.is_event()) {
        ++counters_.unconfirmed;
    }
    if (flight_->tries < flight_->command.max_tries) {
        ++flight_->tries;
        ++counters_.retries;
        return std::nullopt;
    }
    return flight_->command.max_tries == 1 ? Delivery::Unconfirmed : Delivery::Refused;
}

bool ReportDelivery::finish(Delivery delivery) {
    counters_.reports += delivery == Delivery::Acknowledged ? 1 : 0;
    counters_.errors += delivery == Delivery::Refused ? 1 : 0;
    const std::optional<Flight> finished = std::exchange(flight_, std::nullopt);
    return finished && finished->asks_leds && delivery == Delivery::Acknowledged;
}

void ReportDelivery::give_up() {
    const std::optional<Flight> given_up = std::exchange(flight_, std::nullopt);
    if (!given_up) {
        return;
    }
    // It may have been done, for all that anybody knows.
    if (given_up->command.is_event()) {
        ++counters_.unconfirmed;
    }
    if (listener_ != nullptr) {
        listener_->on_delivered(Delivery::Undelivered);
    }
}

void ReportDelivery::tell(std::optional<Delivery> delivery) {
    // Without a listener there is nothing to send again; one that comes begins anew anyway.
    const std::optional<Outage> outage = std::exchange(outage_, std::nullopt);
    if (listener_ == nullptr) {
        return;
    }
    // First, so that what is sent next starts from all-released.
    if (outage) {
        listener_->on_state_lost(*outage);
    }
    if (delivery) {
        listener_->on_delivered(*delivery);
    } else if (!outage) {
        listener_->on_ready();
    }
}

}  // namespace minikvm
