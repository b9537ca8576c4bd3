// SPDX-License-Identifier: MIT

#include "device/register_poller.h"

#include <system_error>
#include <utility>

#include "protocol/errors.h"

namespace minikvm {
namespace {

// A mode is the most of what is read, and wakes the process for each register of it.
constexpr unsigned kModeTurns = 4;
constexpr unsigned kSwitchTurns = 8;
constexpr unsigned kRarerAtRest = 16;

// A value that this firmware has no cell for, or that cannot be made out now, is not known: that
// is no failure of the chip.
template <typename T>
Result<std::optional<T>> if_known(Result<T> value) {
    if (value) {
        return std::optional<T>(*value);
    }
    if (value.error().code == std::errc::not_supported ||
        value.error().code == ProtocolError::BadReply) {
        return std::optional<T>();
    }
    return tl::unexpected<Error>(std::move(value.error()));
}

}  // namespace

void RegisterPoller::attach(const std::string& node, CaptureModel model) {
    detach();
    node_ = node;
    model_ = model;
    snapshot_.state = RegisterState::Starting;
}

void RegisterPoller::detach() {
    chip_.reset();
    node_.clear();
    snapshot_ = RegisterSnapshot();
    turn_ = 0;
}

void RegisterPoller::step() {
    if (node_.empty()) {
        return;
    }
    const bool all = !chip_ || snapshot_.state != RegisterState::Answering;
    Result<void> done = chip_ ? Result<void>() : open();
    if (done) {
        done = all ? read_all() : read_next();
    }
    conclude(done);
}

void RegisterPoller::look() {
    if (!chip_ || snapshot_.state != RegisterState::Answering) {
        step();
        return;
    }
    const Result<bool> followed = follow_hdmi();
    conclude(followed ? Result<void>() : Result<void>(tl::unexpected<Error>(followed.error())));
}

void RegisterPoller::conclude(const Result<void>& done) {
    if (done) {
        snapshot_.state = RegisterState::Answering;
        snapshot_.trouble.clear();
        return;
    }
    snapshot_.state = RegisterState::NotAnswering;
    snapshot_.trouble = done.error().message();
    if (done.error().code == std::errc::no_such_device) {
        chip_.reset();
    }
}

Result<void> RegisterPoller::open() {
    chip_ = MINIKVM_TRY(Ms2109Chip::open(MINIKVM_TRY(open_(node_)), model_));
    snapshot_.model = model_name(model_);
    snapshot_.firmware = chip_->firmware().text();
    snapshot_.foreign_firmware = chip_->is_foreign();
    return {};
}

Result<void> RegisterPoller::read_all() {
    MINIKVM_TRY(read_hdmi());
    MINIKVM_TRY(read_mode());
    MINIKVM_TRY(read_slide());
    return read_switch();
}

Result<void> RegisterPoller::read_next() {
    ++turn_;
    if (std::exchange(rested_, false)) {
        MINIKVM_TRY(read_mode());
        MINIKVM_TRY(read_switch());
    }
    if (turn_ % 2 == 0) {
        return read_slide();
    }
    if (MINIKVM_TRY(follow_hdmi())) {
        return {};
    }
    const unsigned rarer = rests_ ? kRarerAtRest : 1;
    if (turn_ % (kModeTurns * rarer) == 3) {
        return read_mode();
    }
    return turn_ % (kSwitchTurns * rarer) == 5 ? read_switch() : Result<void>();
}

/// Whether it has changed, and all was read.
Result<bool> RegisterPoller::follow_hdmi() {
    const std::optional<bool> before = snapshot_.hdmi_connected;
    MINIKVM_TRY(read_hdmi());
    if (snapshot_.hdmi_connected == before) {
        return false;
    }
    MINIKVM_TRY(read_all());
    return true;
}

void RegisterPoller::rest(bool rests) {
    if (std::exchange(rests_, rests) && !rests) {
        rested_ = true;
    }
}

Result<void> RegisterPoller::read_hdmi() {
    snapshot_.hdmi_connected = MINIKVM_TRY(chip_->hdmi_connected());
    if (snapshot_.hdmi_connected == false) {
        snapshot_.mode.reset();
    }
    return {};
}

Result<void> RegisterPoller::read_mode() {
    if (snapshot_.hdmi_connected == true) {
        snapshot_.mode = MINIKVM_TRY(if_known(chip_->input_mode()));
    }
    return {};
}

Result<void> RegisterPoller::read_slide() {
    snapshot_.slide = MINIKVM_TRY(if_known(chip_->slide()));
    return {};
}

Result<void> RegisterPoller::read_switch() {
    snapshot_.usb_switch = MINIKVM_TRY(if_known(chip_->usb_switch()));
    return {};
}

Result<SwitchChange> RegisterPoller::select(SwitchPosition position) {
    if (!chip_) {
        return make_error(std::make_error_code(std::errc::no_such_device), "write the USB switch");
    }
    const SwitchChange change = MINIKVM_TRY(chip_->select(position));
    snapshot_.usb_switch = change.now;
    return change;
}

}  // namespace minikvm
