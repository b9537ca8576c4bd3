// SPDX-License-Identifier: MIT
// What a plugged stick goes through.

#include "daemon/session.h"

#include <utility>

#include "common/log.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

constexpr log::MessageId kSerialOpened{"68d56d324d2143d4a7b85eae1c2d4a4a"};
constexpr log::MessageId kNoInput{"07a56d019e80485289c6e0469ef830d7"};
constexpr log::MessageId kGivenUp{"bb4e05f90eb54ecb85e916724c0adeac"};

// Somebody else may hold the port for a moment, as modem probes do.
constexpr std::chrono::seconds kOpenAgain{2};
// A node that is still there so long after a USB reset has not gone by it.
constexpr std::chrono::seconds kOpenAfterReset{5};

}  // namespace

ChipCounters operator+(const ChipCounters& left, const ChipCounters& right) {
    return {.reports = left.reports + right.reports,
            .retries = left.retries + right.retries,
            .errors = left.errors + right.errors,
            .resyncs = left.resyncs + right.resyncs,
            .unconfirmed = left.unconfirmed + right.unconfirmed};
}

RecoveryCounters operator+(const RecoveryCounters& left, const RecoveryCounters& right) {
    return {.chip_resets = left.chip_resets + right.chip_resets,
            .reopens = left.reopens + right.reopens,
            .usb_resets = left.usb_resets + right.usb_resets};
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
    self.climb_ = MINIKVM_TRY(loop.timer([&self](auto) { self.climb(); }));
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
        ladder_.port_changed(parts_.loop.now());
        if (!before.tty.empty()) {
            lose_serial(ladder_.climbing() ? problem_ : "");
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
    if (port_ || nodes_.tty.empty()) {
        return;
    }
    Result<SerialPort> port = parts_.open_serial(nodes_.tty, nodes_.serial_id.value_or(kCh340));
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
        log::warning(kSerialOpened, "client: somebody opened {} beside us, its lines are restored",
                     nodes_.tty);
    }));
    MINIKVM_TRY(make_chip());
    parts_.use_chip(chip_.get());
    set_serial_state(SerialState::Looking,
                     ladder_.climbing() ? silence() : "the input chip has not answered yet");
    return {};
}

Result<void> Session::make_chip() {
    const InputModel model =
        input_model(nodes_.serial_id.value_or(kCh340)).value_or(InputModel::Ch9329);
    if (model == InputModel::Ch32v208) {
        auto chip = MINIKVM_TRY(Ch32v208Chip::create(parts_.loop, *port_, ch32v208_callbacks()));
        mover_ = chip.get();
        chip_ = std::move(chip);
        return {};
    }
    auto chip = MINIKVM_TRY(Ch9329Chip::create(parts_.loop, *port_,
                                               Ch9329Options{last_speed_bd_, parts_.raise_speed},
                                               ch9329_callbacks()));
    ch9329_ = chip.get();
    chip_ = std::move(chip);
    return {};
}

Ch32v208Callbacks Session::ch32v208_callbacks() {
    return {.on_found = [this] { chip_found(); },
            .on_information = [this](const auto&) { on_change_(); },
            .on_lost = [this](const Error& error) { chip_lost(error); },
            .on_position = [this](auto) { on_change_(); }};
}

Ch9329Callbacks Session::ch9329_callbacks() {
    return {
        .on_found = [this](int) { chip_found(); },
        .on_information = [this](const auto&) { on_change_(); },
        .on_lost = [this](const Error& error) { chip_lost(error); },
        .on_speed_change = [this](SpeedChange change) { speed_changed(change); },
        .on_silent = [this](TimePoint now) { chip_silent(now); },
    };
}

void Session::speed_changed(SpeedChange change) {
    switch (change) {
        case SpeedChange::None:
            break;
        case SpeedChange::Raised:
            log::notice(
                "the input chip keeps a higher speed from now on, see serial.raise_baud: "
                "id={} speed_bd={}",
                nodes_.id, port_->speed_bd());
            break;
        case SpeedChange::NotRaised:
            log::warning("device: the input chip's speed cannot be raised: id={} speed_bd={}",
                         nodes_.id, port_->speed_bd());
            break;
        case SpeedChange::Lowered:
            parts_.raise_speed = false;  // of the chips to come, too
            log::warning(
                "device: the line is too bad for the raised speed, the input chip keeps the old "
                "one from now on: id={} speed_bd={}",
                nodes_.id, port_->speed_bd());
            break;
        case SpeedChange::NotLowered:
            log::warning(
                "device: the line is bad, and the input chip's speed cannot be lowered: id={} "
                "speed_bd={}",
                nodes_.id, port_->speed_bd());
            break;
    }
}

void Session::chip_found() {
    ladder_.answered();
    if (chip_->model() == InputModel::Ch9329) {
        last_speed_bd_ = port_->speed_bd();
    }
    log::info("input chip answers: node={} model={} speed_bd={}", nodes_.tty,
              model_name(chip_->model()), speed_bd());
    set_serial_state(SerialState::Working, "");
}

void Session::chip_lost(const Error& error) {
    if (error.code == ProtocolError::NoReply) {
        log_once(silence());
        set_serial_state(SerialState::Looking, silence());
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

std::string Session::silence() const {
    return ladder_.gave_up() ? "the input chip does not answer; a reset command, opening its port "
                               "anew and a USB reset have not helped"
                             : "the input chip does not answer";
}

/// Each rung is logged once for a silence, however long that lasts.
void Session::chip_silent(TimePoint now) {
    const bool first_climb = !ladder_.gave_up();
    const auto tell = [&](const char* remedy) {
        log::write(first_climb ? log::Level::Notice : log::Level::Debug,
                   "device: the input chip does not answer, {}: id={}", remedy, nodes_.id);
    };
    due_ = ladder_.silent(now);
    switch (due_) {
        case Rung::None:
            return;
        case Rung::ResetCommand:
            tell("it is told to reset itself");
            ++recoveries_.chip_resets;
            ch9329_->reset();
            break;
        case Rung::Reopen:
            tell("its port is opened anew");
            break;
        case Rung::UsbReset:
            tell("the serial half is reset on the USB bus");
            break;
        case Rung::GiveUp:
            log::write(first_climb ? log::Level::Error : log::Level::Debug, kGivenUp,
                       "device: no input: {} id={}", silence(), nodes_.id);
            set_serial_state(SerialState::Looking, silence());
            return;
    }
    // Not from inside the chip's own callback.
    climb_.arm_after(std::chrono::microseconds(0));
}

void Session::climb() {
    if (due_ == Rung::Reopen) {
        reopen_port();
    } else if (due_ == Rung::UsbReset) {
        reset_serial_half();
    }
    on_change_();
}

void Session::reopen_port() {
    ++recoveries_.reopens;
    const LineLevel dtr = port_->dtr();
    parts_.serial_gone();
    close_serial();
    open_serial();
    // The power of the USB-A port stays as somebody has set it. A failure means that the stick is
    // gone; the port's reader says so.
    if (port_ && dtr == LineLevel::Raised) {
        static_cast<void>(port_->set_dtr(dtr));
    }
}

void Session::reset_serial_half() {
    ++recoveries_.usb_resets;
    lose_serial(problem_);
    parts_.reset_device(nodes_.tty);
    retry_.arm_after(kOpenAfterReset);
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
    climb_.disarm();
    if (chip_) {
        parts_.use_chip(nullptr);
    }
    past_counters_ = counters();
    mover_ = nullptr;
    ch9329_ = nullptr;
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
        log::warning(kNoInput, "device: no input: {} id={}", problem, nodes_.id);
    }
}

ChipCounters Session::counters() const {
    return chip_ ? past_counters_ + chip_->counters() : past_counters_;
}

int Session::speed_bd() const {
    const bool has_speed = port_ && chip_ && chip_->model() == InputModel::Ch9329;
    return has_speed ? port_->speed_bd() : 0;
}

Result<void> Session::set_usb_power(UsbPower power) {
    if (!port_) {
        return errno_error(-ENODEV, "switch the USB port's power");
    }
    if (mover_ != nullptr) {
        return make_error(std::make_error_code(std::errc::not_supported),
                          "switch the USB port's power");
    }
    return port_->set_dtr(power == UsbPower::Off ? LineLevel::Raised : LineLevel::Cleared);
}

void Session::move_port(SwitchPosition position, Ch32v208Engine::SelectCallback done) {
    if (mover_ == nullptr) {
        done(errno_error(-ENODEV, "move the USB switch"));
        return;
    }
    mover_->select(position, std::move(done));
}

std::optional<SwitchPosition> Session::port_position() const {
    return mover_ == nullptr ? std::nullopt : mover_->position();
}

}  // namespace minikvm
