// SPDX-License-Identifier: MIT
// LeaseRule: when a sink node, whose writers cannot be told apart, loses what it holds.

#pragma once

#include <chrono>
#include <optional>

#include "common/event_loop.h"

namespace minikvm {

/// Shape:   a node that holds something loses it once a writer has closed it and it has been
///          silent for kSilence, counted from its last event. Who held the key for longer than
///          that before it died is let go at once.
///
///              Quiet --on_writer_closed while holding--> Closing --deadline()--> drop the lease
///                 ^                                       |  ^ on_event: the silence starts anew
///                 +------ on_event, nothing is held ------+--+
///
/// Limits:  a second writer that holds a key without a word for kSilence loses it when the first
///          one closes: inotify does not say whose the key was (decision 5's compromise).
/// Thread:  the thread that made it.
/// Source:  decision 5 of docs/architecture.md.
class LeaseRule final {
public:
    static constexpr std::chrono::milliseconds kSilence{100};

    enum class Node { Holds, IsEmpty };

    /// Something was read from the node, which then held something or not.
    void on_event(TimePoint now, Node node) {
        last_event_ = now;
        if (node == Node::IsEmpty) {
            closing_ = false;
        }
    }

    void on_writer_closed(Node node) { closing_ = node == Node::Holds; }

    void on_dropped() { closing_ = false; }

    /// When to drop the lease if nothing more happens; it may be over already.
    std::optional<TimePoint> deadline() const {
        return closing_ ? std::optional(last_event_ + kSilence) : std::nullopt;
    }

private:
    TimePoint last_event_;
    bool closing_ = false;
};

}  // namespace minikvm
