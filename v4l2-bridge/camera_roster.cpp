// SPDX-License-Identifier: MIT
// CameraRoster: what happens to cameras, and what follows from it.

#include "v4l2-bridge/camera_roster.h"

#include <algorithm>

namespace minikvm {

const CameraRoster::Entry* CameraRoster::find(unsigned number) const {
    const auto found = std::ranges::find(entries_, number, &Entry::number);
    return found == entries_.end() ? nullptr : &*found;
}

CameraRoster::Entry* CameraRoster::find(unsigned number) {
    const auto found = std::ranges::find(entries_, number, &Entry::number);
    return found == entries_.end() ? nullptr : &*found;
}

void CameraRoster::added(unsigned number, TimePoint now) {
    is_adding_ = false;
    const auto place = std::ranges::lower_bound(entries_, number, {}, &Entry::number);
    entries_.insert(place, Entry{.number = number, .last_used = now});
}

void CameraRoster::not_added(TimePoint now) {
    is_adding_ = false;
    add_not_before_ = now + kRetry;
}

void CameraRoster::removed(unsigned number) {
    std::erase_if(entries_, [number](const Entry& entry) { return entry.number == number; });
}

void CameraRoster::kept(unsigned number, TimePoint now) {
    opened(number, now);  // somebody has it open
}

void CameraRoster::viewers_are(unsigned number, unsigned viewers, TimePoint now) {
    Entry* const entry = find(number);
    if (entry == nullptr) {
        return;
    }
    if (viewers > 0) {
        entry->lingers_until.reset();
    } else if (entry->viewers > 0) {
        entry->lingers_until = now + kLinger;
    }
    entry->viewers = viewers;
    entry->last_used = now;
}

void CameraRoster::opened(unsigned number, TimePoint now) {
    if (Entry* const entry = find(number)) {
        entry->last_used = now;
    }
}

std::optional<RosterStep> CameraRoster::next(TimePoint now) {
    for (Entry& entry : entries_) {
        if (entry.lingers_until && now >= *entry.lingers_until) {
            entry.lingers_until.reset();
            return RosterStep{RosterStep::Kind::Hide, entry.number};
        }
    }
    if (const auto at = add_at(); at && now >= *at) {
        is_adding_ = true;
        return RosterStep{RosterStep::Kind::Add};
    }
    if (const Entry* const unused = spare();
        unused != nullptr && now >= unused->last_used + kSpare) {
        return RosterStep{RosterStep::Kind::Remove, unused->number};
    }
    return std::nullopt;
}

std::optional<TimePoint> CameraRoster::deadline() const {
    std::optional<TimePoint> earliest = add_at();
    const auto consider = [&](TimePoint at) { earliest = std::min(earliest.value_or(at), at); };
    for (const Entry& entry : entries_) {
        if (entry.lingers_until) {
            consider(*entry.lingers_until);
        }
    }
    if (const Entry* const unused = spare()) {
        consider(unused->last_used + kSpare);
    }
    return earliest;
}

bool CameraRoster::is_shown(unsigned number) const {
    const Entry* const entry = find(number);
    return entry != nullptr && (entry->viewers > 0 || entry->lingers_until);
}

unsigned CameraRoster::viewers(unsigned number) const {
    const Entry* const entry = find(number);
    return entry == nullptr ? 0 : entry->viewers;
}

unsigned CameraRoster::viewers() const {
    unsigned sum = 0;
    for (const Entry& entry : entries_) {
        sum += entry.viewers;
    }
    return sum;
}

std::optional<unsigned> CameraRoster::free_camera() const {
    if (entries_.empty()) {
        return std::nullopt;
    }
    const auto is_free = [](const Entry& entry) { return entry.viewers == 0; };
    auto found = std::ranges::find_if(
        entries_, [&](const Entry& entry) { return is_free(entry) && !entry.lingers_until; });
    if (found == entries_.end()) {
        found = std::ranges::find_if(entries_, is_free);
    }
    return found == entries_.end() ? entries_.back().number : found->number;
}

std::size_t CameraRoster::free_count() const {
    return static_cast<std::size_t>(std::ranges::count(entries_, 0U, &Entry::viewers));
}

/// The highest free one where there are several, and it is not the lowest of all.
const CameraRoster::Entry* CameraRoster::spare() const {
    if (free_count() < 2) {
        return nullptr;
    }
    const auto found = std::find_if(entries_.rbegin(), entries_.rend(),
                                    [](const Entry& entry) { return entry.viewers == 0; });
    return &*found;
}

std::optional<TimePoint> CameraRoster::add_at() const {
    if (is_adding_ || free_count() > 0 || entries_.empty() || entries_.size() >= most_) {
        return std::nullopt;
    }
    return add_not_before_;
}

}  // namespace minikvm
