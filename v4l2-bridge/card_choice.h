// SPDX-License-Identifier: MIT
// CardChoice: which card a camera has to show, if any. No I/O, no clock.

#pragma once

#include <chrono>
#include <optional>

#include "common/event_loop.h"
#include "v4l2-bridge/status_card.h"

namespace minikvm {

/// Shape:   tell it what happens as it happens; card() is what is to be shown then, until
///          next_change() or the next event.
///
///              nobody watches                        None
///              the stick is not plugged in           NoStick
///              the target's signal is away           NoSignal
///              a picture came less than 1 s ago      None
///              none has come for longer              Stalled
///              none has come yet, for 0.5 s          None: what was shown last stays meanwhile
///                            for 0.5 to 3 s          Starting
///                            for longer              Stalled
///
///          The first line that fits holds. "Yet" is since somebody began to watch, the stick was
///          plugged in, or the signal came back, whichever was last; or since the stream was first
///          on after that, which a stick may take its time for.
/// Limits:  a signal that nobody knows of counts as there: pictures say more than no register.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 2.5, point 3, and 2.6: a first picture may take a second, and half a
///          second of filler.
class CardChoice final {
public:
    static constexpr std::chrono::milliseconds kPatience{500};
    static constexpr std::chrono::seconds kStart{3};
    static constexpr std::chrono::seconds kSilence{1};

    void viewers(bool any, TimePoint now);
    void stick(bool plugged, TimePoint now);
    void signal(std::optional<bool> there, TimePoint now);

    void stream_on(TimePoint now);

    /// A picture of the target has been shown.
    void picture(TimePoint now);

    /// Whether what the stick sends is the target's screen; without a signal it is filler, or the
    /// last picture again and again.
    bool wants_pictures() const { return signal_ != false; }

    Card card(TimePoint now) const;

    /// When card() changes by time alone; nothing when it does not.
    std::optional<TimePoint> next_change(TimePoint now) const;

private:
    void wait_anew(TimePoint now);

    bool watched_ = false;
    bool plugged_ = false;
    std::optional<bool> signal_;
    TimePoint waits_since_;
    bool stream_was_on_ = false;             // since then
    std::optional<TimePoint> last_picture_;  // since then
};

}  // namespace minikvm
