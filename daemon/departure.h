// SPDX-License-Identifier: MIT
// Departure: when a process whose stick was pulled may leave.

#pragma once

#include <chrono>
#include <optional>

#include "common/event_loop.h"

namespace minikvm {

/// Who needs the process besides a plugged stick.
struct Attachments {
    bool stick_plugged = false;
    std::size_t viewers = 0;       // programs that watch the camera
    std::size_t sink_openers = 0;  // programs that have one of the sink's nodes open
    std::size_t clients = 0;       // connections to the control or the input socket
};

/// Shape:   update() whenever something changed; the process leaves once due().
///
///              Needed --nothing attached--> Lingering --kLinger over--> due
///                 ^                             |
///                 +------anything attached------+
///
/// Units:   steady_clock, handed in.
/// Thread:  the thread that made it.
class Departure final {
public:
    /// Long enough for a cable that is moved to another computer and back by mistake, and for a
    /// hub that resets itself: the camera is then still the same node.
    static constexpr std::chrono::seconds kLinger{5};

    void update(const Attachments& attachments, TimePoint now);

    /// When due() has to be asked again; nothing while the process is needed.
    std::optional<TimePoint> deadline() const { return deadline_; }
    bool due(TimePoint now) const { return deadline_ && now >= *deadline_; }

private:
    std::optional<TimePoint> deadline_;
};

}  // namespace minikvm
