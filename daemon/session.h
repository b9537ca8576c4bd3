// SPDX-License-Identifier: MIT
// Session: one plugged stick, from its first node to its last.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/ch32v208_chip.h"
#include "device/ch9329_chip.h"
#include "device/input_chip.h"
#include "device/recovery_ladder.h"
#include "device/serial_port.h"
#include "device/stick_monitor.h"
#include "device/switch_sequence.h"
#include "device/tty_guard.h"

namespace minikvm {

/// What belongs to the process, and is lent to each session in turn. All must outlive it.
struct SessionParts {
    EventLoop& loop;

    /// Makes the serial half's port; a test gives a pty instead.
    std::function<Result<SerialPort>(const std::string& node, UsbId id)> open_serial;

    /// Called before a port is closed for good: its node is gone, or its descriptor has failed. Not
    /// when the session ends for another reason, so that the next process can take the port over.
    std::function<void()> serial_gone;

    /// Resets the USB device behind a node, later, where blocking is nobody's trouble.
    std::function<void(const std::string& node)> reset_device;

    /// Hands over where reports go; nullptr takes it away again.
    std::function<void(HidSink* sink)> use_chip;

    /// Hand over the capture half's nodes; an empty node takes them away again.
    std::function<void(const std::string& node)> use_capture;
    std::function<void(const std::string& node)> use_registers;

    /// Whether an input chip at the factory's speed is moved to a higher one, for good.
    bool raise_speed = false;
};

/// How the line to the input chip is.
enum class SerialState {
    Gone,     // no node, or it could not be opened
    Looking,  // open, the chip has not answered yet, or no longer does
    Working,
};

ChipCounters operator+(const ChipCounters& left, const ChipCounters& right);

/// How often each rung of RecoveryLadder was taken.
struct RecoveryCounters {
    std::uint64_t chip_resets = 0;
    std::uint64_t reopens = 0;
    std::uint64_t usb_resets = 0;
};

RecoveryCounters operator+(const RecoveryCounters& left, const RecoveryCounters& right);

/// Shape:   update() with what is plugged, as often as it changes. Each half works without the
///          other, since each can fail alone; on_change tells of every step.
///
///              serial half     Gone --node there, opened--> Looking --chip answers--> Working
///                               ^ ^---refused: every 2 s-\     ^                         |
///                               |                              +--chip falls silent------+
///                               +--node gone, or descriptor failed: lose_serial(), from any
///
///          A CH9329 that stays silent while Looking is climbed for: RecoveryLadder. Its port is
///          opened anew without Gone being seen; for the USB reset it is closed first, so that the
///          node keeps its number.
///
///              capture half    none --nodes there--> handed over --nodes gone--> none
///
///          Knowingly not here: a chip that answers again after the descriptor failed; that
///          takes a new node, since the kernel has none of the old one left.
/// Shutdown order, for the whole process, written here only:
///          1. Stick::release(): keys and buttons are lifted at the target while the line still
///          lives;
///          2. input bridge detached, chip, tty guard and port closed (lose_serial());
///          3. capture nodes taken back: the threads close them when they come to it;
///          4. replies that are still open, then the control socket and its clients;
///          5. links, then the input bridge, which destroys its devices before it lets go of them;
///          6. video bridge and register thread, which join their threads last.
/// Errors:  none are returned; what does not work is in problem(), and logged once.
/// Thread:  the thread that made it (main); video and registers have their own, behind the parts.
class Session final {
public:
    static Result<std::unique_ptr<Session>> create(SessionParts parts,
                                                   std::function<void()> on_change);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    void update(const StickNodes& nodes);

    /// Errors: ENODEV while the port is not open, not_supported where its lines give no power.
    Result<void> set_usb_power(UsbPower power);

    /// The switchable port of a stick whose input chip moves it (SwitchWay::SerialCommand).
    /// Errors: ENODEV while there is no such chip; otherwise as Ch32v208Engine::select.
    void move_port(SwitchPosition position, Ch32v208Engine::SelectCallback done);
    std::optional<SwitchPosition> port_position() const;

    SerialState serial_state() const { return serial_state_; }
    const std::string& problem() const { return problem_; }
    const StickNodes& nodes() const { return nodes_; }
    const InputChip* chip() const { return chip_.get(); }
    /// Of this session, over all chips that it has had.
    ChipCounters counters() const;
    const RecoveryCounters& recoveries() const { return recoveries_; }
    /// Of the line to the chip; 0 where there is none.
    int speed_bd() const;

private:
    Session(SessionParts parts, std::function<void()> on_change);

    void open_serial();
    Result<void> start_chip();
    Result<void> make_chip();
    Ch9329Callbacks ch9329_callbacks();
    Ch32v208Callbacks ch32v208_callbacks();
    void speed_changed(SpeedChange change);
    void chip_found();
    void chip_lost(const Error& error);
    void chip_silent(TimePoint now);
    void climb();
    void reopen_port();
    void reset_serial_half();
    std::string silence() const;
    void lose_serial(const std::string& why);
    void close_serial();
    void set_serial_state(SerialState state, std::string problem);
    void log_once(const std::string& problem) const;

    SessionParts parts_;
    std::function<void()> on_change_;
    StickNodes nodes_;
    SerialState serial_state_ = SerialState::Gone;
    std::string problem_;
    std::string lost_because_;
    ChipCounters past_counters_;
    RecoveryCounters recoveries_;
    RecoveryLadder ladder_;
    Rung due_ = Rung::None;  // of climb_
    std::optional<int> last_speed_bd_;
    // Destroyed from the last to the first: the chip uses the port, and so does its guard.
    std::optional<SerialPort> port_;
    std::unique_ptr<TtyGuard> guard_;
    std::unique_ptr<InputChip> chip_;
    Ch32v208Chip* mover_ = nullptr;  // chip_, where that moves the switchable port
    Ch9329Chip* ch9329_ = nullptr;   // chip_, where that can be told to reset itself
    Timer retry_;
    Timer losing_;
    Timer climb_;
};

}  // namespace minikvm
