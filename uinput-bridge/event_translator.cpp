// SPDX-License-Identifier: MIT
// EventTranslator: packet by packet.

#include "uinput-bridge/event_translator.h"

#include <linux/input-event-codes.h>

#include <algorithm>
#include <utility>

namespace minikvm {
namespace {

// Documentation/input/event-codes.rst.
constexpr int kFineUnitsPerNotch = 120;

// More than a keyboard has keys down at once; room beyond it is made when it is needed.
constexpr std::size_t kUsualStrokes = 64;

// Whatever a program writes must not overflow.
int add(int sum, std::int32_t value) {
    constexpr int kLongest = ReportScheduler::kLongestMotion;
    return std::clamp(sum + std::clamp<int>(value, -kLongest, kLongest), -kLongest, kLongest);
}

std::uint16_t clamp_to_screen(std::int32_t value) {
    return static_cast<std::uint16_t>(std::clamp<std::int32_t>(value, 0, hid::kAbsoluteMax));
}

}  // namespace

EventTranslator::EventTranslator(SourceId source, KeyLeases& leases, ReportScheduler& scheduler)
    : source_(source),
      leases_(leases),
      scheduler_(scheduler),
      // Until it is told, an axis is in the middle.
      place_{(hid::kAbsoluteMax + 1) / 2, (hid::kAbsoluteMax + 1) / 2} {
    strokes_.reserve(kUsualStrokes);
}

void EventTranslator::take(std::uint16_t type, std::uint16_t code, std::int32_t value) {
    switch (type) {
        case EV_KEY:
            if (value == 0 || value == 1) {
                strokes_.push_back(
                    {hid::KeyCode{code}, value == 1 ? Stroke::Press : Stroke::Release});
            }
            break;
        case EV_REL:
            take_relative(code, value);
            break;
        case EV_ABS:
            take_absolute(code, value);
            break;
        case EV_SYN:
            if (code == SYN_REPORT) {
                flush();
            }
            break;
        default:
            break;
    }
}

void EventTranslator::take_relative(std::uint16_t code, std::int32_t value) {
    switch (code) {
        case REL_X:
            move_x_ = add(move_x_, value);
            break;
        case REL_Y:
            move_y_ = add(move_y_, value);
            break;
        case REL_WHEEL:
            upright_.notches = add(upright_.notches, value);
            break;
        case REL_WHEEL_HI_RES:
            upright_.fine = add(upright_.fine.value_or(0), value);
            break;
        case REL_HWHEEL:
            sideways_.notches = add(sideways_.notches, value);
            break;
        case REL_HWHEEL_HI_RES:
            sideways_.fine = add(sideways_.fine.value_or(0), value);
            break;
        default:
            ++unsendable_;
            break;
    }
}

void EventTranslator::take_absolute(std::uint16_t code, std::int32_t value) {
    if (code == ABS_X) {
        place_.x = clamp_to_screen(value);
        placed_ = true;
    } else if (code == ABS_Y) {
        place_.y = clamp_to_screen(value);
        placed_ = true;
    } else {
        ++unsendable_;
    }
}

void EventTranslator::flush() {
    scheduler_.begin_packet();
    if (move_x_ != 0 || move_y_ != 0) {
        scheduler_.move_by(std::exchange(move_x_, 0), std::exchange(move_y_, 0));
    }
    if (std::exchange(placed_, false)) {
        scheduler_.move_to(place_);
    }
    for (const PendingStroke& pending : strokes_) {
        flush_stroke(pending);
    }
    strokes_.clear();
    scheduler_.turn_wheel(upright_.take_notches());
    if (!scheduler_.turn_wheel_sideways(sideways_.take_notches())) {
        ++unsendable_;
    }
    scheduler_.end_packet();
}

void EventTranslator::flush_stroke(PendingStroke pending) {
    const bool is_press = pending.stroke == Stroke::Press;
    if (is_press) {
        const std::optional<TargetKey> meant = leases_.key_meant(source_, pending.code);
        if (!meant || !scheduler_.can_send(*meant)) {
            ++unsendable_;
            return;
        }
    }
    const std::optional<TargetKey> key =
        is_press ? leases_.press(source_, pending.code) : leases_.release(source_, pending.code);
    if (key) {
        scheduler_.stroke(*key, pending.stroke);
    }
}

int EventTranslator::Wheel::take_notches() {
    const int plain = std::exchange(notches, 0);
    const std::optional<int> finely = std::exchange(fine, std::nullopt);
    if (!finely) {
        return plain;
    }
    // Turning back starts a new notch.
    const bool turned_back = (fine_rest < 0) != (*finely < 0);
    fine_rest = (turned_back ? 0 : fine_rest) + *finely;
    const int whole = fine_rest / kFineUnitsPerNotch;
    fine_rest %= kFineUnitsPerNotch;
    return whole;
}

}  // namespace minikvm
