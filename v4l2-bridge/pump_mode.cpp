// SPDX-License-Identifier: MIT
// Pump: the mode of stick and cameras, and who follows whom.

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "v4l2-bridge/pump.h"

namespace minikvm {

void Pump::set_target_size(PictureSize size) {
    if (target_size_ == size) {
        return;
    }
    target_size_ = size;
    if (state() == State::Idle) {
        let_stick_follow_wish();
        let_camera_follow_stick();
        report();
    }
}

ModeWish Pump::mode_wish() const {
    if (status_.viewers > 0) {
        return {cameras_->mode().video};  // which a viewer may hold
    }
    return {options_.mode.video, options_.size_follows_target ? target_size_ : std::nullopt};
}

CameraMode Pump::wanted_mode() const {
    return {capture_ ? capture_->mode() : options_.mode.video, options_.mode.format};
}

void Pump::let_camera_follow_stick() {
    if (state() == State::Idle && status_.viewers == 0 && wanted_mode() != cameras_->mode()) {
        renew_camera();
    }
}

Result<void> Pump::check_offered(const VideoWish& wish) const {
    // A size is taken with any rate, since not every rate is offered for every size.
    const PictureSize size = wish.size.value_or(options_.mode.video.size);
    const auto fits = [&](const VideoMode& mode) {
        return mode.size == size && (!wish.rate_hz || mode.rate_hz == *wish.rate_hz);
    };
    const bool is_asked = wish.size || wish.rate_hz;
    if (!is_asked || !capture_ || std::ranges::any_of(capture_->offered(), fits)) {
        return {};
    }
    std::vector<std::string> offered;
    for (const VideoMode& mode : capture_->offered()) {
        offered.push_back(to_string(mode));
    }
    return make_error(
        std::make_error_code(std::errc::invalid_argument),
        fmt::format("the stick does not offer that, but: {}", fmt::join(offered, " ")));
}

void Pump::let_stick_follow_wish() {
    if (!capture_ || capture_->mode() == choose_mode(capture_->offered(), mode_wish(),
                                                     options_.limit_pixels_per_second)) {
        return;
    }
    if (auto reopened = reopen_capture(); !reopened) {
        set_error(reopened.error().message());
    }
}

Result<void> Pump::reopen_capture() {
    const std::string node = capture_->node();
    add(status_, capture_->counters());
    capture_.reset();
    capture_ =
        MINIKVM_TRY(surroundings_.open_stream(node, mode_wish(), options_.limit_pixels_per_second));
    return {};
}

Result<CameraMode> Pump::change(const VideoWish& wish) {
    if (status_.viewers > 0) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "somebody watches the camera");
    }
    CameraMode mode = options_.mode;
    mode.format = wish.format.value_or(mode.format);
    mode.video.size = wish.size.value_or(mode.video.size);
    mode.video.rate_hz = wish.rate_hz.value_or(mode.video.rate_hz);
    MINIKVM_TRY(check_offered(wish));
    options_.mode = mode;
    if (wish.size || wish.size_follows_target) {
        options_.size_follows_target = wish.size_follows_target;
    }
    linger_alarm_.disarm();
    stop_stream();
    let_stick_follow_wish();
    if (cameras_->empty() || wanted_mode() != cameras_->mode() || !cameras_->is_fresh()) {
        renew_camera();
    }
    if (!screenshots_.empty() && state() == State::Idle) {
        start_stream();
    }
    settle_screenshots();
    report();
    if (cameras_->empty()) {
        return make_error(std::make_error_code(std::errc::no_such_device), status_.error);
    }
    return cameras_->mode();
}

}  // namespace minikvm
