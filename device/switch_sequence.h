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

inline constexpr std::chrono::milliseconds kPowerPulse{500};  // docs/hardware.md 4.2: QT's, >= 500

/// A device that stays away this long after the pulse has gone to the target (usb/verified).
inline constexpr std::chrono::seconds kStaysAway{2};

/// A device enumerates on our side well within this.
inline constexpr std::chrono::seconds kComesBack{5};

/// Pulses in a row have made hubs fail: docs/hardware.md 4.2.
inline constexpr std::chrono::seconds kPulseSpacing{2};

/// What a switch did, for the driver of the sequence to carry out.
///
///                    switched()             deadline             deadline
///     Idle ------------------------> Cut ------------> Watching ---------> Idle
///       ^  \--too soon--> Waiting --^ ^ |switched(): longer  |
///       |                             \-+--------------------+ switched(), by Waiting
///       +--- reset() from any
///
/// Shape:   the driver tells what happened, with the time; power() is what the port is to have, and
///          deadline() when expired() is to be called. Nothing is called back.
/// Thread:  the thread that made it.
class SwitchSequence final {
public:
    /// The cell now says `position`, and said `before`.
    void switched(SwitchPosition before, SwitchPosition position, TimePoint now);

    /// The cell did not take what was written.
    void refused();

    /// Whether hub port 3 shows a device.
    void device_present(bool present, TimePoint now);

    void expired(TimePoint now);

    /// The stick went: nothing is known any more.
    void reset();

    UsbPower power() const { return state_ == State::Cut ? UsbPower::Off : UsbPower::On; }
    Verified verified() const { return verified_; }
    std::optional<TimePoint> deadline() const { return deadline_; }

private:
    enum class State { Idle, Waiting, Cut, Watching };

    State state_ = State::Idle;
    Verified verified_ = Verified::Unknown;
    std::optional<TimePoint> deadline_;
};

}  // namespace minikvm
