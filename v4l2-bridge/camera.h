// SPDX-License-Identifier: MIT
// Camera: what applications open; always a capture device that has a picture.

#pragma once

#include <sys/time.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "v4l2-bridge/camera_node.h"
#include "v4l2-bridge/frame_output.h"
#include "v4l2-bridge/v4l2_device.h"
#include "v4l2-bridge/video_mode.h"
#include "v4l2-bridge/viewer_watch.h"

namespace minikvm {

/// Shape:   open() leaves a node that announces one MJPG mode as a capture device, also before
///          there is a picture: format, rate, STREAMON, in this order; why is with FrameOutput.
///          A viewer who comes before the first picture waits for it: on both versions a camera
///          that nothing was shown on has nothing to hand over. Later ones get the last picture
///          first.
/// Errors:  open(): as CameraNode::obtain() and FrameOutput::create().
/// Limits:  a viewer that an earlier daemon left behind keeps the size that it has: see mode().
/// Thread:  the thread that made it.
class Camera final {
public:
    static Result<Camera> open(const std::string& id, const VideoMode& mode);

    std::string node() const { return node_.node(); }

    /// What the camera announces.
    const VideoMode& mode() const { return parts_->mode; }

    /// Makes it a camera of another mode. Only while nobody watches, and with the ViewerWatch that
    /// was made on it destroyed. Errors: the camera is to be destroyed then.
    Result<void> change_mode(const VideoMode& mode);

    Result<std::unique_ptr<ViewerWatch>> watch_viewers(EventLoop& loop,
                                                       ViewerWatch::Callbacks callbacks) const;

    /// Shows a whole JPEG of the camera's size, captured at `timestamp`. Allocates nothing.
    Result<void> show(std::span<const std::uint8_t> jpeg, timeval timestamp) {
        return parts_->output->show(jpeg, timestamp);
    }

    /// Shows a dark picture, for a viewer who has waited long enough.
    Result<void> show_start_picture();

    /// Somebody opens the camera: see FrameOutput::refresh().
    Result<void> refresh();

private:
    /// On the heap, since the output refers to the device.
    struct Parts {
        V4l2Device device;
        VideoMode mode;
        std::vector<std::uint8_t> start_picture;
        std::unique_ptr<FrameOutput> output;  // refers to the device: goes first
    };

    Camera(CameraNode node, std::unique_ptr<Parts> parts)
        : node_(std::move(node)), parts_(std::move(parts)) {}
    static Result<std::unique_ptr<Parts>> start(const CameraNode& node, const VideoMode& mode);

    CameraNode node_;
    std::unique_ptr<Parts> parts_;  // closed before the node goes
};

}  // namespace minikvm
