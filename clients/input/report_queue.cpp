// SPDX-License-Identifier: MIT
// Reports in order, motion summed.

#include "clients/input/report_queue.h"

#include <linux/input-event-codes.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iterator>

namespace minikvm {
namespace {

// docs/input-socket.md, "Events".
constexpr std::int32_t kLongestMotion = 32767;
constexpr std::ptrdiff_t kMostEvents = kMaxInputEvents - 1;  // and the SYN_REPORT

bool is_motion(const InputEvent& event) {
    return event.type == EV_REL && (event.code == REL_X || event.code == REL_Y);
}

bool is_place(const InputEvent& event) {
    return event.type == EV_ABS;
}

bool all_are(std::span<const InputEvent> events, bool (*kind)(const InputEvent&)) {
    return std::ranges::all_of(events, kind);
}

InputEvent* find_axis(std::vector<InputEvent>& events, std::uint16_t code) {
    const auto found = std::ranges::find(events, code, &InputEvent::code);
    return found == events.end() ? nullptr : &*found;
}

// False, with nothing changed, where a sum would be longer than a packet can say.
bool add_motion(std::vector<InputEvent>& sum, std::span<const InputEvent> events) {
    std::vector<InputEvent> result = sum;
    for (const InputEvent& event : events) {
        if (InputEvent* const axis = find_axis(result, event.code)) {
            axis->value += event.value;
            if (std::abs(axis->value) > kLongestMotion) {
                return false;
            }
        } else {
            result.push_back(event);
        }
    }
    sum = std::move(result);
    return true;
}

void replace_place(std::vector<InputEvent>& place, std::span<const InputEvent> events) {
    for (const InputEvent& event : events) {
        if (InputEvent* const axis = find_axis(place, event.code)) {
            axis->value = event.value;
        } else {
            place.push_back(event);
        }
    }
}

}  // namespace

void ReportQueue::push(std::span<const InputEvent> events) {
    while (std::ssize(events) > kMostEvents) {
        reports_.emplace_back(events.begin(), events.begin() + kMostEvents);
        events = events.subspan(kMostEvents);
    }
    if (events.empty()) {
        return;
    }
    if (!reports_.empty()) {
        std::vector<InputEvent>& last = reports_.back();
        if (all_are(events, is_motion) && all_are(last, is_motion) && add_motion(last, events)) {
            return;
        }
        if (all_are(events, is_place) && all_are(last, is_place)) {
            replace_place(last, events);
            return;
        }
    }
    reports_.emplace_back(events.begin(), events.end());
}

}  // namespace minikvm
