// SPDX-License-Identifier: MIT
// StallWatch: what to do about a stick that has stopped sending frames. No I/O, no clock.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "common/event_loop.h"

namespace minikvm {

enum class Remedy {
    None,
    Restart,  // the stick's stream, off and on
    Reset,    // of the capture half, as a USB device
};

/// Shape:   tell it what happens as it happens; take_due() is what is to be done now, once, and
///          deadline() when to ask again if nothing happens before.
/// Limits:  acts only while the register says that there is a signal: without one a stick may be
///          silent, and one whose register nobody can read is left alone.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 2.5, points 3 and 4: streams freeze until they are started anew, and a
///          first frame may take a second.
class StallWatch final {
public:
    /// A first frame, or one after a remedy, gets this long, even where the limit is shorter.
    static constexpr std::chrono::seconds kFirstFrame{2};
    static constexpr std::chrono::minutes kLongestWait{1};
    /// After a reset the stick's node goes, to come back within this time.
    static constexpr std::chrono::seconds kResetTime{10};

    explicit StallWatch(std::chrono::milliseconds limit) : limit_(limit) {}

    void stream(bool on, TimePoint now);
    void signal(std::optional<bool> there, TimePoint now);
    void frame(TimePoint now);

    /// The stick's node has gone: what was tried is forgotten, unless a reset has made it go.
    void node_gone(TimePoint now);

    Remedy take_due(TimePoint now);

    /// How many remedies were due since the last frame.
    unsigned tried() const { return tried_; }

    std::optional<TimePoint> deadline() const;

private:
    //                 stream on, with a signal
    //   Resting ------------------------------------> Listening <--.
    //      ^ ^                                         |   |  ^    | a frame
    //      | '-------- stream off, or no signal -------'   |  '----'
    //      |                          no frame for `limit` |
    //      | stream off, or no signal                      v
    //      '------------------------------------------- Trying <--.
    //                                                   |  |  ^   | silent still: the other remedy,
    //               to Listening <------ a frame -------'  |  |   | each time after twice as long
    //                                                      '--+---'
    //
    //  The first remedy is Restart, the second Reset, then they take turns. Resting keeps the
    //  count, since both remedies lead through it; only a frame, or an unplug, ends it.
    bool listens() const { return streaming_ && signal_ == true; }
    std::chrono::milliseconds patience() const;

    std::chrono::milliseconds limit_;
    bool streaming_ = false;
    std::optional<bool> signal_;
    bool heard_ = false;      // a frame of this stream
    unsigned tried_ = 0;      // remedies since the last frame
    TimePoint silent_since_;  // also since the last remedy
    std::optional<TimePoint> reset_at_;
};

}  // namespace minikvm
