// SPDX-License-Identifier: MIT
// Pump: what becomes of viewers while the stick gives no picture.

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "common/log.h"
#include "v4l2-bridge/pump.h"

namespace minikvm {
namespace {

constexpr const char* kSilent = "the stick's stream is on, but no picture comes";

std::optional<TimePoint> earliest(std::initializer_list<std::optional<TimePoint>> times) {
    std::optional<TimePoint> first;
    for (const auto& time : times) {
        if (time && (!first || *time < *first)) {
            first = time;
        }
    }
    return first;
}

}  // namespace

void Pump::set_signal(std::optional<bool> there) {
    if (!choice_.wants_pictures()) {
        gate_.restart();  // a chip that locks to a signal begins with filler
    }
    const TimePoint now = time();
    choice_.signal(there, now);
    stalls_.signal(there, now);
    settle_screenshots();
    look();
    report();
}

void Pump::set_name(std::string name) {
    name_ = std::move(name);  // a card that is shown takes it with its next clock
}

void Pump::stick_gone() {
    const TimePoint now = time();
    start_again_.reset();
    choice_.stick(false, now);
    stalls_.node_gone(now);
    settle_screenshots();
    look();
}

void Pump::look() {
    const TimePoint now = time();
    if (start_again_ && now >= *start_again_) {
        start_again_.reset();
        if (state() == State::Idle) {
            start_stream();
        }
    }
    heal(now);
    show_card(now);
    const auto next =
        earliest({start_again_, stalls_.deadline(), cards_.next_time(), choice_.next_change(now)});
    if (next) {
        look_alarm_.arm_at(*next);
    } else {
        look_alarm_.disarm();
    }
}

void Pump::heal(TimePoint now) {
    switch (stalls_.take_due(now)) {
        case Remedy::None:
            return;
        case Remedy::Restart:
            tell_remedy("the stick's stream is started anew");
            ++status_.restarts;
            stop_stream();
            start_stream();
            break;
        case Remedy::Reset:
            tell_remedy("the stick is reset");
            ++status_.resets;
            callbacks_.on_reset_wanted(capture_->node());
            break;
    }
    report_soon();
}

/// Each once for a silence, however long that lasts.
void Pump::tell_remedy(const char* remedy) const {
    const auto level = stalls_.tried() <= 2 ? log::Level::Notice : log::Level::Debug;
    log::write(level, "device: silent, {}: node={}", remedy, capture_->node());
}

void Pump::show_card(TimePoint now) {
    if (cameras_->empty()) {
        return;
    }
    const Card before = cards_.card();
    auto shown =
        cards_.show(card_text(choice_.card(now)), cameras_->mode().video.size, now,
                    [this](const DrawnPicture& picture) { return cameras_->show_drawn(picture); });
    if (!shown) {
        set_error(shown.error().message());
    }
    if (cards_.card() != before) {
        card_changed();
    }
}

CardText Pump::card_text(Card card) const {
    return {.card = card,
            .detail = state() == State::Streaming ? std::string() : status_.error,
            .stick = name_,
            .clock = {}};
}

void Pump::card_changed() {
    if (cards_.card() == Card::Stalled && state() == State::Streaming) {
        set_error(kSilent);
    } else if (cards_.card() == Card::NoSignal && status_.error == kSilent) {
        status_.error.clear();  // no wonder
    }
    log::debug("card={}", name_of(cards_.card()));
    report();
}

}  // namespace minikvm
