// SPDX-License-Identifier: MIT
// SwitchSequence: when to cut the USB-A port's power after a switch, and what then counts as seen.

#pragma once

#include <chrono>
#include <optional>

#include "common/event_loop.h"
#include "protocol/switch_position.h"

namespace minikvm {

enum class UsbPower { On, Off };

/// Was the last switch seen to happen?
enum class Verified { Unknown, Pending, Yes, No };

/// Long enough for the device to enumerate anew (docs/hardware.md 4.2: 500 ms reliably is).
inline constexpr std::chrono::milliseconds kPowerPulse{500};

/// A device that stays away so long after the pulse has gone to the target (usb/verified).
inline constexpr std::chrono::seconds kStaysAway{2};

/// A device enumerates on our side well within this (docs/hardware.md 4.2: typically 1 to 2 s).
inline constexpr std::chrono::seconds kComesBack{5};

/// Pulses in a row have made hubs fail (docs/hardware.md 4.2).
inline constexpr std::chrono::seconds kPulseSpacing{2};

/// A device without power is off the bus well within this: hubs poll every 256 ms at most.
inline constexpr std::chrono::seconds kLeaves{2};

/// Shape:   the owner tells what happened and when; power() is what the port is to have then, and
///          deadline() when expired() is to be called.
///
///              Idle --switched--> Cut --deadline--> Watching --deadline, or seen--> Idle
///                |                 ^  ^switched: longer  |
///                |                 |                     | switched
///                \--too soon--> Waiting <----------------/   (to Cut when it is not too soon)
///
///              reset: any --> Idle.   refused: Waiting, Watching --> Idle; Cut ends first.
///              no_pulse: Cut --> Watching.   cycle: as switched, wherever the port is.
///              power_off: any --> Off.   power_on, cycle: Off --> Watching.
///              switched in Off: the cell moves, the power stays away, nobody can see it.
///
///          A position that the cell had already moves nothing, unless the last move was seen to
///          fail or the device shows that it is elsewhere.
///          Seen for the target: the device that was on our side left, and stayed away. Seen for
///          the host: a device came. Not seen: it came back, or a device that is known to be
///          plugged did not come. Otherwise nobody can know.
///          A cycle is seen when the device on our side left and came back; off, when it left.
///          Knowingly not here: a device that somebody pulls or plugs at the same moment.
/// Thread:  the thread that made it.
class SwitchSequence final {
public:
    /// The cell is being written; then one of these three.
    void asked();
    /// The cell now says `position`, and said `before`.
    void switched(SwitchPosition before, SwitchPosition position, TimePoint now);
    /// The cell did not take what was written.
    void refused();
    /// The cell was not written, or nobody knows.
    void not_written();

    /// Where the cell says that the port is, whoever moved it.
    void standing(SwitchPosition position);

    /// The power, for its own sake.
    void power_off(TimePoint now);
    void power_on(TimePoint now);
    void cycle(TimePoint now);

    /// The power could not be cut: the data lines have to do.
    void no_pulse(TimePoint now);

    /// What hub port 3 shows.
    void device_came();
    void device_left();

    void expired(TimePoint now);

    /// The stick went: nothing is known any more.
    void reset();

    UsbPower power() const {
        return state_ == State::Cut || state_ == State::Off ? UsbPower::Off : UsbPower::On;
    }
    /// Off because somebody wants it off, and not for a pulse.
    bool is_kept_off() const { return state_ == State::Off; }
    Verified verified() const { return verified_; }
    std::optional<TimePoint> deadline() const { return deadline_; }

private:
    enum class State { Idle, Waiting, Cut, Watching, Off };

    void begin_pulse(TimePoint now);
    void cut(TimePoint now);
    void watch(TimePoint now);
    void finish(Verified verified);
    Verified judge() const;

    State state_ = State::Idle;
    Verified verified_ = Verified::Unknown;
    SwitchPosition position_ = SwitchPosition::Host;  // asked for last
    std::optional<TimePoint> deadline_;
    std::optional<TimePoint> last_pulse_end_;
    int asked_ = 0;             // writes that are under way
    bool must_leave_ = false;   // a cycle: a device that never left has not been seen to come back
    bool on_our_side_ = false;  // a device shows on hub port 3
    bool plugged_ = false;      // a device is in the socket, on whichever side, as far as we saw
};

}  // namespace minikvm
