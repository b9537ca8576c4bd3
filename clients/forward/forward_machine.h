// SPDX-License-Identifier: MIT
// ForwardMachine: where this machine's keyboards and mice go, and when that changes.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/forward/held_keys.h"

namespace minikvm {

/// What is pressed to say what.
struct ForwardChords {
    Chord hotkey;                         // on to the next stick, and after the last one back
    Chord panic;                          // back, at once
    std::map<std::string, Chord> sticks;  // to this one; the same again: back
    bool propagate_hotkey = false;        // the target gets the hotkey's last key as well
};

/// Why the keyboards came back.
enum class GivenBack { Never, Hotkey, Panic, Trial, Client, StickGone, Silent, NoDevice, Stopping };

/// "hotkey", "stick-gone"...
std::string_view given_back_name(GivenBack reason);

/// What the machine has done; the forwarder does it, and tests write it down.
class ForwardActions {
public:
    ForwardActions() = default;
    ForwardActions(const ForwardActions&) = delete;
    ForwardActions& operator=(const ForwardActions&) = delete;
    virtual ~ForwardActions() = default;

    /// The sticks that there are now, in the order of the hotkey.
    virtual std::vector<std::string> sticks() = 0;
    /// Opens the way to this stick, and closes the one before: connected() or lost() answers,
    /// later.
    virtual void connect(const std::string& stick) = 0;
    /// Closes it; what is held at that stick's target is released.
    virtual void disconnect() = 0;
    /// Takes the devices. False, with none taken, when a key is down after all.
    virtual bool grab() = 0;
    virtual void give_back() = 0;
};

/// Host: everything goes to this machine. Joining: it is to go to a stick, and does once that has
/// answered and every key is up, so that nobody misses a release. Grabbed: it goes there. Leaving:
/// it comes back once every key is up.
///
///            hotkey, client               answered, all keys up
///     Host ----------------> Joining ------------------------------> Grabbed
///      ^ ^                    |    ^                                  |    |
///      | |  hotkey, no answer |    |    hotkey: to the next stick     |    |
///      | +--------------------+    +----------------------------------+    |
///      |                           (still taken, nothing is sent)          |
///      |   all keys up                                                     |
///      +---------------- Leaving <-----------------------------------------+
///      |                                hotkey, after the last stick       |
///      |                                                                   |
///      +---- panic, client, trial over, stick gone or silent, stopping: ---+
///            from any state, at once
///
/// Knowingly not handled: a key that never comes up keeps Joining and Leaving waiting. It is the
/// panic chord's, or the client's, to end that.
enum class ForwardState { Host, Joining, Grabbed, Leaving };

/// "host", "joining"...
std::string_view forward_state_name(ForwardState state);

/// Shape:   tell it of each key with key(), and settle() once a device's report is done with and
///          passed on: only settle() acts upon keys. Everything else acts at once.
/// Limits:  one stick at a time.
/// Thread:  the thread that made it.
class ForwardMachine final {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// `actions` must outlive the machine.
    explicit ForwardMachine(ForwardActions& actions) : actions_(actions) {}

    void set_chords(ForwardChords chords) { chords_ = std::move(chords); }

    /// Returns whether the target is to have this one.
    bool key(DeviceId device, std::uint16_t code, bool down);
    void settle(TimePoint now);

    void device_gone(DeviceId device, TimePoint now);
    /// No device is left that could be taken.
    void devices_gone();

    /// What a client wants. `trial`: it comes back by itself after so long.
    void go_to(const std::string& stick, std::optional<std::chrono::seconds> trial, TimePoint now);
    void go_to_next(std::optional<std::chrono::seconds> trial, TimePoint now);
    void come_back(GivenBack reason);

    void connected(TimePoint now);
    void lost(GivenBack reason);

    /// When tick() is due.
    std::optional<TimePoint> deadline() const { return trial_end_; }
    void tick(TimePoint now);

    ForwardState state() const { return state_; }
    /// Whether motion goes to the stick.
    bool forwards() const { return state_ == ForwardState::Grabbed; }
    /// Whether the devices are taken.
    bool holds() const { return holds_; }
    /// Where it goes, or is to go; empty: to this machine.
    const std::string& stick() const { return stick_; }
    GivenBack given_back() const { return given_back_; }
    const HeldKeys& held() const { return held_; }

private:
    void obey_chord();
    void join(const std::string& stick);
    void leave(GivenBack reason);
    void grab_if_all_is_well(TimePoint now);
    std::string next_stick();

    enum class Wish { None, Next, Stick };

    ForwardActions& actions_;
    ForwardChords chords_;
    HeldKeys held_;
    ForwardState state_ = ForwardState::Host;
    std::string stick_;
    bool connected_ = false;
    bool holds_ = false;
    GivenBack given_back_ = GivenBack::Never;
    GivenBack leaving_for_ = GivenBack::Hotkey;
    std::optional<std::chrono::seconds> trial_;
    std::optional<TimePoint> trial_end_;

    Wish wish_ = Wish::None;  // of a chord, until settle()
    std::string wished_stick_;
    bool panic_ = false;
};

}  // namespace minikvm
