// SPDX-License-Identifier: MIT
// UsbSwitch: moves the USB-A port to one side, and finds out whether it went.

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/register_thread.h"
#include "device/switch_sequence.h"
#include "protocol/switch_position.h"

namespace minikvm {

/// What the switch is made of, so that each part can come and go with the stick.
struct UsbSwitchParts {
    /// Writes the switch cell: RegisterThread::set_switch. `done` may not come after the switch
    /// has been destroyed.
    std::function<void(SwitchPosition position, RegisterThread::SwitchCallback done)> write_cell;

    /// Cuts or restores the USB-A port's power: SerialPort::set_dtr. Errors: ENODEV without a port;
    /// the switch then goes on without the pulse.
    std::function<Result<void>(UsbPower power)> set_power;
};

/// Shape:   select() writes the cell, cuts the port's power for 500 ms so that the device there
///          enumerates anew, then watches hub port 3. device_changed() says what it shows.
///          A select() during another takes over: the newest wins, the power is cut once for both
///          where possible, and verified() speaks of the newest.
///          stick_gone() ends what is going on; verified() is Unknown then.
/// Errors:  select's callback: as RegisterThread::set_switch.
/// Limits:  at most one pulse in 2 s: pulses in a row have made hubs fail (docs/hardware.md 4.2).
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 4.2; usb/verified in docs/attributes.md.
class UsbSwitch final {
public:
    using SelectCallback = std::function<void(const Result<SwitchPosition>& position)>;
    using VerifiedCallback = std::function<void(Verified verified)>;

    /// `loop`, and what the parts refer to, must outlive it.
    static Result<std::unique_ptr<UsbSwitch>> create(EventLoop& loop, UsbSwitchParts parts,
                                                     VerifiedCallback on_verified);

    UsbSwitch(const UsbSwitch&) = delete;
    UsbSwitch& operator=(const UsbSwitch&) = delete;
    ~UsbSwitch();

    /// `done` comes after the read-back, with the position that the cell now shows; the pulse and
    /// the verification go on after it.
    void select(SwitchPosition position, SelectCallback done);

    /// The port's power, for its own sake; verified() speaks of it as of a switch.
    /// Off lasts until it is switched on, the stick goes, or this is destroyed.
    /// Errors:  as UsbSwitchParts::set_power; nothing has changed then.
    Result<void> set_power(UsbPower power);
    /// Off for the length of a pulse; on again if it was kept off.
    void cycle_power();
    bool is_kept_off() const { return sequence_.is_kept_off(); }

    /// Where the cell was read to stand.
    void position_seen(SwitchPosition position) { sequence_.standing(position); }

    /// What StickMonitor shows on hub port 3; empty when nothing is there.
    void device_changed(const std::string& device);

    void stick_gone();
    /// The port whose lines give the power was closed: they come back as on.
    void port_gone();
    /// It is open: the lines may still be as a process that was killed left them.
    void port_opened();

    Verified verified() const { return sequence_.verified(); }

private:
    UsbSwitch(EventLoop& loop, UsbSwitchParts parts, VerifiedCallback on_verified);
    void carry_out();

    EventLoop& loop_;
    UsbSwitchParts parts_;
    VerifiedCallback on_verified_;
    SwitchSequence sequence_;
    UsbPower power_ = UsbPower::On;  // as last set
    Verified told_ = Verified::Unknown;
    bool device_is_here_ = false;
    Timer timer_;
};

}  // namespace minikvm
