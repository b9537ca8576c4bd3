// SPDX-License-Identifier: MIT
// Camera: the steps that make a v4l2loopback node a camera.

#include "v4l2-bridge/camera.h"

#include <optional>

#include "v4l2-bridge/monotonic_time.h"

namespace minikvm {
namespace {

/// What the driver has, as we call it; nothing where it is none of ours.
std::optional<CameraMode> mode_of(const v4l2_pix_format& pixels, std::uint32_t rate_hz) {
    const auto format = format_of_fourcc(pixels.pixelformat);
    const PictureSize size{pixels.width, pixels.height};
    const auto raw_bytes = picture_bytes(format.value_or(PictureFormat::Mjpg), size);
    // 0.12.7 rounds up to whole pages.
    if (!format || (raw_bytes && pixels.sizeimage < *raw_bytes)) {
        return std::nullopt;
    }
    return CameraMode{{size, rate_hz}, *format};
}

/// What the node has from now on: what was asked for, or what a viewer holds.
Result<CameraMode> set_mode(const V4l2Device& device, const CameraMode& wanted) {
    const auto set =
        MINIKVM_TRY(device.set_format(Direction::Output, fourcc(wanted.format), wanted.video.size));
    const auto mode = mode_of(set, wanted.video.rate_hz);
    if (!mode) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "set " + to_string(wanted) + " on " + device.node());
    }
    return *mode;
}

}  // namespace

Result<std::unique_ptr<Camera::Parts>> Camera::start(CameraNode& node, V4l2Device device,
                                                     const CameraMode& mode) {
    auto parts = std::make_unique<Parts>(
        Parts{.device = std::move(device), .mode = mode, .output = nullptr});
    parts->mode = MINIKVM_TRY(set_mode(parts->device, mode));
    MINIKVM_TRY(parts->device.set_rate(Direction::Output, mode.video.rate_hz));
    parts->output = MINIKVM_TRY(FrameOutput::create(parts->device, node));
    parts->is_fresh = node.is_fresh();
    node.announce();
    node.keep(parts->device);
    return parts;
}

Result<Camera> Camera::open(CameraNode node, const CameraMode& mode) {
    V4l2Device device = MINIKVM_TRY(node.open());
    return open(std::move(node), std::move(device), mode);
}

Result<Camera> Camera::open(CameraNode node, V4l2Device device, const CameraMode& mode) {
    auto parts = MINIKVM_TRY(start(node, std::move(device), mode));
    return Camera(std::move(node), std::move(parts));
}

Result<Camera> Camera::take_over(CameraNode node, V4l2Device device) {
    const auto pixels = MINIKVM_TRY(device.format(Direction::Output));
    const auto mode = mode_of(pixels, MINIKVM_TRY(device.rate(Direction::Output)));
    if (!mode) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "take over " + device.node());
    }
    auto parts = std::make_unique<Parts>(
        Parts{.device = std::move(device), .mode = *mode, .output = nullptr, .is_fresh = false});
    parts->output = MINIKVM_TRY(FrameOutput::take_over(parts->device, node));
    return Camera(std::move(node), std::move(parts));
}

Result<void> Camera::start_again(const CameraMode& mode) {
    parts_ = MINIKVM_TRY(start(node_, MINIKVM_TRY(node_.open()), mode));
    return {};
}

Result<void> Camera::start_anew(const CameraMode& mode) {
    // Both versions keep format and pictures for as long as any descriptor is open.
    parts_.reset();
    MINIKVM_TRY(node_.renew());
    return start_again(mode);
}

Result<bool> Camera::retire() {
    const CameraMode mode = parts_->mode;
    if (kind() == LoopbackKind::Static && viewers_now(parts_->device, node_) > 0) {
        return false;
    }
    parts_.reset();
    if (node_.remove()) {
        return true;
    }
    MINIKVM_TRY(start_again(mode));
    return false;
}

Result<std::unique_ptr<ViewerWatch>> Camera::watch_viewers(EventLoop& loop, unsigned viewers,
                                                           ViewerWatch::Callbacks callbacks) const {
    return ViewerWatch::create(loop, parts_->device, node_, viewers, std::move(callbacks));
}

FrameOutput& Camera::output() {
    parts_->is_fresh = false;
    return *parts_->output;
}

Result<void> Camera::refresh() {
    return parts_->output->refresh(monotonic_now());
}

}  // namespace minikvm
