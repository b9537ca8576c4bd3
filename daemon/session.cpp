// SPDX-License-Identifier: MIT
// What a plugged stick goes through.

#include "daemon/session.h"

#include <utility>

#include "common/log.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

// Somebody else may hold the port for a moment, as modem probes do.
constexpr std::chrono::seconds kOpenAgain{2};

}  // namespace

Ch9329Counters operator+(const Ch9329Counters& left, const Ch9329Counters& right) {
    return {.reports = left.reports + right.reports,
            .retries = left.retries + right.retries,
            .errors = left.errors + right.errors,
            .resyncs = left.resyncs + right.resyncs,
            .unconfirmed = left.unconfirmed + right.unconfirmed};
}

Session::Session(SessionParts parts, std::function<void()> on_change)
    : parts_(std::move(parts)), on_change_(std::move(on_change)) {
}

Result<std::unique_ptr<Session>> Session::create(SessionParts parts,
                                                 std::function<void()> on_change) {
    EventLoop& loop = parts.loop;
    std::unique_ptr<Session> session(new Session(std::move(parts), std::move(on_change)));
    Session& self = *session;
    self.retry_ = MINIKVM_TRY(loop.timer([&self](auto) { self.open_serial(); }));
    self.losing_ = MINIKVM_TRY(loop.timer([&self](auto) { self.lose_serial(self.lost_because_); }));
    return session;
}

Session::~Session() {
    close_serial();
    if (!nodes_.capture.empty()) {
        parts_.use_capture("");
    }
    if (!nodes_.hidraw.empty()) {
        parts_.use_registers("");
    }
}

void Session::update(const StickNodes& nodes) {
    const StickNodes before = std::exchange(nodes_, nodes);
    if (nodes.tty != before.tty) {
        if (!before.tty.empty()) {
            lose_serial("");
        }
        if (!nodes.tty.empty()) {
            open_serial();
        }
    }
    if (nodes.capture != before.capture) {
        parts_.use_capture(nodes.capture);
    }
    if (nodes.hidraw != before.hidraw) {
        parts_.use_registers(nodes.hidraw);
    }
}

void Session::open_serial() {
    Result<SerialPort> port = parts_.open_serial(nodes_.tty);
    if (port) {
        port_ = std::move(*port);
    }
    const Result<void> started =
        port ? start_chip() : Result<void>(tl::unexpected<Error>(std::move(port.error())));
    if (!started) {
        log_once(started.error().message());
        lose_serial(started.error().message());
        retry_.arm_after(kOpenAgain);
    }
}

Result<void> Session::start_chip() {
    guard_ = MINIKVM_TRY(TtyGuard::create(parts_.loop, *port_, [this] {
        log::warning("client: somebody opened {} beside us, its lines are restored", nodes_.tty);
    }));
    chip_ = MINIKVM_TRY(Ch9329Chip::create(
        parts_.loop, *port_, Ch9329Options{last_speed_bd_, parts_.raise_speed}, chip_callbacks()));
    parts_.use_chip(chip_.get());
    set_serial_state(SerialState::Looking, "the input chip has not answered yet");
    return {};
}

Ch9329Callbacks Session::chip_callbacks() {
    return {
        .on_found = [this](int) { chip_found(); },
        .on_information = [this](const auto&) { on_change_(); },
        .on_lost = [this](const Error& error) { chip_lost(error); },
        .on_raised =
            [this](int speed_bd) {
                log::notice(
                    "the input chip keeps a higher speed from now on, see serial.raise_baud: "
                    "id={} speed_bd={}",
                    nodes_.id, speed_bd);
            },
        .on_not_raised =
            [this](const Error& error) {
                log::warning("device: {} id={}", error.message(), nodes_.id);
            },
    };
}

void Session::chip_found() {
    last_speed_bd_ = port_->speed_bd();
    log::info("input chip answers: node={} speed_bd={}", nodes_.tty, port_->speed_bd());
    set_serial_state(SerialState::Working, "");
}

void Session::chip_lost(const Error& error) {
    if (error.code == ProtocolError::NoReply) {
        log_once("the input chip does not answer");
        set_serial_state(SerialState::Looking, "the input chip does not answer");
        return;
    }
    // The line fails a moment before udev tells of an unplug, which is nothing to complain of.
    if (error.code != std::errc::no_such_device && error.code != std::errc::io_error) {
        log_once(error.message());
    }
    // Not from inside the chip's own callback.
    lost_because_ = error.message();
    losing_.arm_after(std::chrono::microseconds(0));
}

void Session::lose_serial(const std::string& why) {
    if (port_) {
        parts_.serial_gone();
    }
    close_serial();
    set_serial_state(SerialState::Gone, why);
}

void Session::close_serial() {
    retry_.disarm();
    losing_.disarm();
    if (chip_) {
        parts_.use_chip(nullptr);
    }
    past_counters_ = counters();
    chip_.reset();
    guard_.reset();
    port_.reset();
}

void Session::set_serial_state(SerialState state, std::string problem) {
    serial_state_ = state;
    problem_ = std::move(problem);
    on_change_();
}

void Session::log_once(const std::string& problem) const {
    if (problem != problem_) {
        log::warning("device: no input: {} id={}", problem, nodes_.id);
    }
}

Ch9329Counters Session::counters() const {
    return chip_ ? past_counters_ + chip_->counters() : past_counters_;
}

Result<void> Session::set_usb_power(UsbPower power) {
    if (!port_) {
        return errno_error(-ENODEV, "switch the USB port's power");
    }
    return port_->set_dtr(power == UsbPower::Off ? LineLevel::Raised : LineLevel::Cleared);
}

}  // namespace minikvm
