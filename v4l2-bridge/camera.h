// SPDX-License-Identifier: MIT
// Camera: what applications open; always a capture device that has a picture.

#pragma once

#include <memory>
#include <string>
#include <utility>

#include "common/event_loop.h"
#include "common/result.h"
#include "v4l2-bridge/camera_node.h"
#include "v4l2-bridge/frame_output.h"
#include "v4l2-bridge/picture_format.h"
#include "v4l2-bridge/v4l2_device.h"
#include "v4l2-bridge/viewer_watch.h"

namespace minikvm {

/// Shape:   open() leaves a node that announces one mode as a capture device, also before
///          there is a picture: format, rate, STREAMON, in this order; why is with FrameOutput.
///          A viewer who comes before the first picture waits for it: on both versions a camera
///          that nothing was shown on has nothing to hand over. Later ones would get the last
///          picture first, however old: show another, or start_anew(), before they come.
///          take_over() goes on with one that an earlier process wrote to, under its viewer.
/// Errors:  open(): what opening the node gives, and FrameOutput::create(); the node is gone then.
///          take_over(): as FrameOutput::take_over(), EBUSY for a mode that is none of ours.
/// Limits:  a viewer that an earlier daemon left behind keeps the size and format that it has: see
///          mode().
/// Thread:  the thread that made it.
class Camera final {
public:
    /// Waits for udev to hand over a node that is new: CameraNode::open().
    static Result<Camera> open(CameraNode node, const CameraMode& mode);

    /// With the node open already.
    static Result<Camera> open(CameraNode node, V4l2Device device, const CameraMode& mode);

    static Result<Camera> take_over(CameraNode node, V4l2Device device);

    unsigned number() const { return node_.number(); }
    std::string node() const { return node_.node(); }

    /// What the camera announces.
    const CameraMode& mode() const { return parts_->mode; }

    /// Whether there is no picture on it that a new viewer would get.
    bool is_fresh() const { return parts_->is_fresh; }

    /// What start_anew() does to programs that open cameras just then.
    LoopbackKind kind() const { return node_.kind(); }

    /// Makes it a fresh camera, of another mode if need be. Only while nobody watches, and with the
    /// ViewerWatch that was made on it destroyed. On 0.13 and later the node is away until udev has
    /// handed over the new one, some 20 ms. Where a program that does not watch keeps the module
    /// from forgetting, it is not fresh afterwards.
    /// Errors: the camera is to be destroyed then.
    Result<void> start_anew(const CameraMode& mode);

    /// Takes the camera away, with its ViewerWatch destroyed; it is to be destroyed when it says
    /// yes. No: somebody has it open, and it goes on as it was. Errors: as start_anew().
    Result<bool> retire();

    /// Its node and what is kept of it outlive the object and the process.
    void stay() { node_.stay(); }

    Result<std::unique_ptr<ViewerWatch>> watch_viewers(EventLoop& loop, unsigned viewers,
                                                       ViewerWatch::Callbacks callbacks) const;

    /// Where pictures go. Valid until start_anew(). Fresh it is no more.
    FrameOutput& output();

    /// Somebody opens the camera: see FrameOutput::refresh().
    Result<void> refresh();

private:
    /// On the heap, since the output refers to the device.
    struct Parts {
        V4l2Device device;
        CameraMode mode;
        std::unique_ptr<FrameOutput> output;  // refers to the device: goes first
        bool is_fresh = true;
    };

    Camera(CameraNode node, std::unique_ptr<Parts> parts)
        : node_(std::move(node)), parts_(std::move(parts)) {}
    static Result<std::unique_ptr<Parts>> start(CameraNode& node, V4l2Device device,
                                                const CameraMode& mode);
    Result<void> start_again(const CameraMode& mode);

    CameraNode node_;
    std::unique_ptr<Parts> parts_;  // closed before the node goes
};

}  // namespace minikvm
