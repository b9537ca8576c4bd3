// SPDX-License-Identifier: MIT
// Camera: the steps that make a v4l2loopback node a camera.

#include "v4l2-bridge/camera.h"

#include <time.h>

#include "v4l2-bridge/start_picture.h"

namespace minikvm {
namespace {

/// The time that V4L2 calls monotonic, which is steady_clock's.
timeval monotonic_now() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return {now.tv_sec, now.tv_nsec / 1000};
}

/// The size that the node has from now on: the one asked for, or the one that a viewer holds.
Result<PictureSize> set_size(const V4l2Device& device, PictureSize wanted) {
    const auto format =
        MINIKVM_TRY(device.set_format(Direction::Output, V4L2_PIX_FMT_MJPEG, wanted));
    if (format.pixelformat != V4L2_PIX_FMT_MJPEG) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "set MJPG on " + device.node());
    }
    return PictureSize{format.width, format.height};
}

}  // namespace

Result<std::unique_ptr<Camera::Parts>> Camera::start(const CameraNode& node,
                                                     const VideoMode& mode) {
    auto parts = std::make_unique<Parts>(Parts{
        .device = MINIKVM_TRY(node.open()), .mode = mode, .start_picture = {}, .output = nullptr});
    parts->mode.size = MINIKVM_TRY(set_size(parts->device, mode.size));
    MINIKVM_TRY(parts->device.set_rate(Direction::Output, mode.rate_hz));
    parts->start_picture = MINIKVM_TRY(make_start_picture(parts->mode.size));
    parts->output = MINIKVM_TRY(FrameOutput::create(parts->device, node));
    node.announce();
    return parts;
}

Result<Camera> Camera::open(const std::string& id, const VideoMode& mode) {
    CameraNode node = MINIKVM_TRY(CameraNode::obtain(id));
    auto parts = MINIKVM_TRY(start(node, mode));
    Camera camera(std::move(node), std::move(parts));
    MINIKVM_TRY(camera.hide_old_picture());
    return camera;
}

Result<void> Camera::start_anew(const VideoMode& mode) {
    // Both versions keep format and pictures for as long as any descriptor is open.
    parts_.reset();
    MINIKVM_TRY(node_.renew());
    parts_ = MINIKVM_TRY(start(node_, mode));
    return hide_old_picture();
}

Result<void> Camera::hide_old_picture() {
    return node_.is_fresh() ? Result<void>() : show_start_picture();
}

Result<std::unique_ptr<ViewerWatch>> Camera::watch_viewers(EventLoop& loop,
                                                           ViewerWatch::Callbacks callbacks) const {
    return ViewerWatch::create(loop, parts_->device, node_, std::move(callbacks));
}

Result<void> Camera::show_start_picture() {
    return show(parts_->start_picture, monotonic_now());
}

Result<void> Camera::refresh() {
    return parts_->output->refresh(monotonic_now());
}

}  // namespace minikvm
