// SPDX-License-Identifier: MIT
// Camera: the steps that make a v4l2loopback node a camera.

#include "v4l2-bridge/camera.h"

#include <time.h>

#include <algorithm>

#include "v4l2-bridge/start_picture.h"

namespace minikvm {
namespace {

/// The time that V4L2 calls monotonic, which is steady_clock's.
timeval monotonic_now() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return {now.tv_sec, now.tv_nsec / 1000};
}

/// What the node has from now on: what was asked for, or what a viewer holds.
Result<CameraMode> set_mode(const V4l2Device& device, const CameraMode& wanted) {
    const auto set =
        MINIKVM_TRY(device.set_format(Direction::Output, fourcc(wanted.format), wanted.video.size));
    const auto format = format_of_fourcc(set.pixelformat);
    const PictureSize size{set.width, set.height};
    const auto raw_bytes = picture_bytes(format.value_or(PictureFormat::Mjpg), size);
    // 0.12.7 rounds up to whole pages.
    if (!format || (raw_bytes && set.sizeimage < *raw_bytes)) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "set " + to_string(wanted) + " on " + device.node());
    }
    return CameraMode{{size, wanted.video.rate_hz}, *format};
}

}  // namespace

Result<std::unique_ptr<Camera::Parts>> Camera::start(const CameraNode& node,
                                                     const CameraMode& mode) {
    auto parts = std::make_unique<Parts>(Parts{.device = MINIKVM_TRY(node.open()),
                                               .mode = mode,
                                               .start_picture = {},
                                               .decoder = {},
                                               .last_jpeg = {},
                                               .output = nullptr});
    parts->mode = MINIKVM_TRY(set_mode(parts->device, mode));
    MINIKVM_TRY(parts->device.set_rate(Direction::Output, mode.video.rate_hz));
    if (parts->mode.format != PictureFormat::Mjpg) {
        parts->decoder =
            MINIKVM_TRY(JpegDecoder::create(parts->mode.format, parts->mode.video.size));
    }
    parts->start_picture = MINIKVM_TRY(make_start_picture(parts->mode.video.size));
    parts->output = MINIKVM_TRY(FrameOutput::create(
        parts->device, node, parts->decoder ? parts->decoder->picture_bytes() : 0));
    node.announce();
    return parts;
}

Result<Camera> Camera::open(const std::string& id, const CameraMode& mode) {
    CameraNode node = MINIKVM_TRY(CameraNode::obtain(id));
    auto parts = MINIKVM_TRY(start(node, mode));
    Camera camera(std::move(node), std::move(parts));
    MINIKVM_TRY(camera.hide_old_picture());
    return camera;
}

Result<void> Camera::start_anew(const CameraMode& mode) {
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

Result<Shown> Camera::show(std::span<const std::uint8_t> jpeg, timeval timestamp) {
    parts_->is_fresh = false;
    if (parts_->decoder) {
        return decode(jpeg, timestamp);
    }
    MINIKVM_TRY(parts_->output->show(jpeg, timestamp));
    return Shown::PassedOn;
}

Result<Shown> Camera::decode(std::span<const std::uint8_t> jpeg, timeval timestamp) {
    std::vector<std::uint8_t>& last = parts_->last_jpeg;
    if (!last.empty() && std::ranges::equal(jpeg, last)) {
        MINIKVM_TRY(parts_->output->repeat(timestamp));
        return Shown::Repeated;
    }
    last.clear();  // what is in the room now is neither the last picture nor this one
    MINIKVM_TRY(parts_->decoder->decode(jpeg, parts_->output->room()));
    MINIKVM_TRY(parts_->output->show_made(parts_->decoder->picture_bytes(), timestamp));
    last.assign(jpeg.begin(), jpeg.end());
    return Shown::Decoded;
}

Result<void> Camera::show_start_picture() {
    MINIKVM_TRY(show(parts_->start_picture, monotonic_now()));
    return {};
}

Result<void> Camera::refresh() {
    return parts_->output->refresh(monotonic_now());
}

}  // namespace minikvm
