// SPDX-License-Identifier: MIT
// RecoveryLadder: what to do about a CH9329 that answers at no speed. No I/O, no clock.

#pragma once

#include <chrono>
#include <cstdint>

#include "common/event_loop.h"

namespace minikvm {

enum class Rung : std::uint8_t {
    None,          // go on asking at every speed
    ResetCommand,  // that the chip may hear though it does not answer
    Reopen,        // the port
    UsbReset,      // of the serial half
    GiveUp,        // say so, and go on asking
};

/// Shape:   silent() each time that the chip was asked at every speed in vain: what is to be done
///          now. answered() ends the climb; so does a port that goes or is announced anew, but for
///          what a UsbReset does to it.
///
///              answered   --silent--> ResetCommand --> Reopen --> UsbReset --> GiveUp
///                 ^                        ^  each kWakeTime after the one before  |
///                 |                        +------ the pause is over, silent ------+
///                 +--answered, or unplugged: from any
///
///          The pause is kFirstPause, and twice as long each time, up to kLongestPause. The two
///          upper rungs raise DTR for some milliseconds, which a device in the USB-A port takes for
///          an unplug.
///          Knowingly not here: a factory reset, which forgets what others have configured.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.7, 5.11; decision 1 of docs/architecture.md.
class RecoveryLadder final {
public:
    /// The newer die is silent for so long after a reset; all of a plug-in gets as much.
    static constexpr std::chrono::seconds kWakeTime{5};
    static constexpr std::chrono::minutes kFirstPause{1};
    static constexpr std::chrono::minutes kLongestPause{60};
    /// After a USB reset the port goes, to come back within this time.
    static constexpr std::chrono::seconds kResetTime{10};

    Rung silent(TimePoint now);
    void answered() { *this = {}; }
    void port_changed(TimePoint now);

    /// From the first rung to the answer.
    bool climbing() const { return rung_ != Rung::None; }
    /// It has been to the top, and the chip has not answered since.
    bool gave_up() const { return rounds_ > 0; }

private:
    static Rung above(Rung rung);
    std::chrono::seconds patience() const;

    Rung rung_ = Rung::None;  // the last that was taken
    TimePoint taken_at_;
    unsigned rounds_ = 0;  // that ended at the top
};

}  // namespace minikvm
