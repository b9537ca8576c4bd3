// SPDX-License-Identifier: MIT

#include "common/alarms.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace minikvm {

Alarm::Alarm(Alarms& alarms, std::function<void()> callback)
    : alarms_(alarms), callback_(std::move(callback)) {
    alarms_.alarms_.push_back(this);
}

Alarm::~Alarm() {
    disarm();
    std::erase(alarms_.alarms_, this);
}

void Alarm::arm_at(TimePoint deadline) {
    deadline_ = deadline;
    alarms_.tell();
}

void Alarm::arm_after(std::chrono::microseconds delay) {
    arm_at(alarms_.now() + delay);
}

void Alarm::disarm() {
    deadline_.reset();
    alarms_.tell();
}

void Alarms::ring() {
    told_.reset();  // that was now
    const TimePoint now = now_();
    std::vector<Alarm*> due;
    std::ranges::copy_if(alarms_, std::back_inserter(due), [now](const Alarm* alarm) {
        return alarm->deadline_ && *alarm->deadline_ <= now;
    });
    std::ranges::sort(due, {}, [](const Alarm* alarm) { return *alarm->deadline_; });
    for (Alarm* alarm : due) {
        // One that rang before may have put it off.
        if (alarm->deadline_ && *alarm->deadline_ <= now) {
            alarm->deadline_.reset();
            alarm->callback_();
        }
    }
    tell();
}

void Alarms::tell() {
    std::optional<TimePoint> next;
    for (const Alarm* alarm : alarms_) {
        if (alarm->deadline_ && (!next || *alarm->deadline_ < *next)) {
            next = alarm->deadline_;
        }
    }
    if (next != told_) {
        told_ = next;
        wake_at_(next);
    }
}

}  // namespace minikvm
