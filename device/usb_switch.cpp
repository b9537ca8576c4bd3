// SPDX-License-Identifier: MIT

#include "device/usb_switch.h"

#include <system_error>
#include <utility>

#include "protocol/errors.h"

namespace minikvm {
namespace {

// After any other error nothing has been written, or nobody can know.
bool is_refusal(const Error& error) {
    return error.code == ProtocolError::Refused;
}

}  // namespace

Result<std::unique_ptr<UsbSwitch>> UsbSwitch::create(EventLoop& loop, UsbSwitchParts parts,
                                                     VerifiedCallback on_verified) {
    std::unique_ptr<UsbSwitch> usb_switch(
        new UsbSwitch(loop, std::move(parts), std::move(on_verified)));
    usb_switch->timer_ = MINIKVM_TRY(loop.timer([self = usb_switch.get()](TimePoint now) {
        self->sequence_.expired(now);
        self->carry_out();
    }));
    return usb_switch;
}

UsbSwitch::UsbSwitch(EventLoop& loop, UsbSwitchParts parts, VerifiedCallback on_verified)
    : loop_(loop), parts_(std::move(parts)), on_verified_(std::move(on_verified)) {
}

UsbSwitch::~UsbSwitch() {
    if (power_ == UsbPower::Off) {
        static_cast<void>(parts_.set_power(UsbPower::On));
    }
}

void UsbSwitch::select(SwitchPosition position, SelectCallback done) {
    sequence_.asked();
    parts_.write_cell(position, [this, done = std::move(done)](const Result<SwitchChange>& change) {
        if (change) {
            sequence_.switched(change->before, change->now, loop_.now());
        } else if (is_refusal(change.error())) {
            sequence_.refused();
        } else {
            sequence_.not_written();
        }
        carry_out();
        done(change.map([](const SwitchChange& moved) { return moved.now; }));
    });
}

Result<void> UsbSwitch::set_power(UsbPower power) {
    if (power == UsbPower::On && !is_kept_off()) {
        return {};  // it is on, or will be in a moment
    }
    if (power_ != power) {
        MINIKVM_TRY(parts_.set_power(power));
        power_ = power;
    }
    if (power == UsbPower::Off) {
        sequence_.power_off(loop_.now());
    } else {
        sequence_.power_on(loop_.now());
    }
    carry_out();
    return {};
}

void UsbSwitch::cycle_power() {
    sequence_.cycle(loop_.now());
    carry_out();
}

void UsbSwitch::device_changed(const std::string& device) {
    const bool is_here = !device.empty();
    if (is_here == device_is_here_) {
        return;
    }
    device_is_here_ = is_here;
    if (is_here) {
        sequence_.device_came();
    } else {
        sequence_.device_left();
    }
    carry_out();
}

void UsbSwitch::stick_gone() {
    sequence_.reset();
    device_is_here_ = false;
    carry_out();
}

void UsbSwitch::port_gone() {
    if (is_kept_off()) {
        power_ = UsbPower::On;
        sequence_.power_on(loop_.now());
        carry_out();
    }
}

void UsbSwitch::port_opened() {
    // A failure means that it is gone again, which its reader says.
    static_cast<void>(parts_.set_power(power_));
}

void UsbSwitch::carry_out() {
    if (power_ != sequence_.power()) {
        power_ = sequence_.power();
        const Result<void> set = parts_.set_power(power_);
        if (!set && power_ == UsbPower::Off) {
            sequence_.no_pulse(loop_.now());
            power_ = sequence_.power();
        }
    }
    if (sequence_.deadline()) {
        timer_.arm_at(*sequence_.deadline());
    } else {
        timer_.disarm();
    }
    if (told_ != sequence_.verified()) {
        told_ = sequence_.verified();
        on_verified_(told_);
    }
}

}  // namespace minikvm
