// SPDX-License-Identifier: MIT
// Session: one plugged stick, from its first node to its last.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/ch9329_chip.h"
#include "device/hid_sink.h"
#include "device/serial_port.h"
#include "device/stick_monitor.h"
#include "device/switch_sequence.h"
#include "device/tty_guard.h"

namespace minikvm {

/// What belongs to the process, and is lent to each session in turn. All must outlive it.
struct SessionParts {
    EventLoop& loop;

    /// Makes the serial half's port; a test gives a pty instead.
    std::function<Result<SerialPort>(const std::string& node)> open_serial;

    /// Called before a port is closed for good: its node is gone, or its descriptor has failed. Not
    /// when the session ends for another reason, so that the next process can take the port over.
    std::function<void()> serial_gone;

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

Ch9329Counters operator+(const Ch9329Counters& left, const Ch9329Counters& right);

/// Shape:   update() with what is plugged, as often as it changes. Each half works without the
///          other, since each can fail alone; on_change tells of every step.
///
///              serial half     Gone --node there, opened--> Looking --chip answers--> Working
///                               ^ ^---refused: every 2 s-\     ^                         |
///                               |                              +--chip falls silent------+
///                               +--node gone, or descriptor failed: lose_serial(), from any
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

    /// Errors: ENODEV while the port is not open.
    Result<void> set_usb_power(UsbPower power);

    SerialState serial_state() const { return serial_state_; }
    const std::string& problem() const { return problem_; }
    const StickNodes& nodes() const { return nodes_; }
    const Ch9329Chip* chip() const { return chip_.get(); }
    /// Of this session, over all chips that it has had.
    Ch9329Counters counters() const;
    int speed_bd() const { return port_ ? port_->speed_bd() : 0; }

private:
    Session(SessionParts parts, std::function<void()> on_change);

    void open_serial();
    Result<void> start_chip();
    Ch9329Callbacks chip_callbacks();
    void chip_found();
    void chip_lost(const Error& error);
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
    Ch9329Counters past_counters_;
    std::optional<int> last_speed_bd_;
    // Destroyed from the last to the first: the chip uses the port, and so does its guard.
    std::optional<SerialPort> port_;
    std::unique_ptr<TtyGuard> guard_;
    std::unique_ptr<Ch9329Chip> chip_;
    Timer retry_;
    Timer losing_;
};

}  // namespace minikvm
