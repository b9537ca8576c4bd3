// SPDX-License-Identifier: MIT
// ViewerWatch: whether anybody looks at a camera.

#pragma once

#include <functional>
#include <memory>

#include "common/event_loop.h"
#include "common/result.h"
#include "v4l2-bridge/camera_node.h"
#include "v4l2-bridge/v4l2_device.h"

namespace minikvm {

/// The third of the three seams between the module's versions.
///
/// 0.13 and later: the module's own event tells how many readers stream (one at most, decision 3 of
/// docs/architecture.md), at once. inotify tells a little earlier that somebody opens the node.
///
/// 0.12.7: inotify tells who opens and closes the node. Something that only looks at what cameras
/// there are (udev, a browser's menu) opens and closes within milliseconds, so what is found is
/// believed when 100 ms have passed, and confirmed by the module: it refuses a max_openers below
/// the number of those who have the node open. A program that keeps the node open without
/// streaming counts as a viewer.
///
/// Shape:   calls back with the number of viewers when it changes from what it is created with, and
///          on 0.13 and later when somebody opens the node, who may be no viewer. Costs no wake-up
///          while nobody comes or goes.
/// Thread:  the loop's. The first call back arrives from the loop too, never from create().
class ViewerWatch {
public:
    struct Callbacks {
        std::function<void(unsigned viewers)> on_change;
        std::function<void()> on_open;
    };

    /// `loop` and `device` must outlive the watch. `device` is open, and the only open description
    /// that we have of the node. `viewers` are known of already.
    static Result<std::unique_ptr<ViewerWatch>> create(EventLoop& loop, const V4l2Device& device,
                                                       const CameraNode& node, unsigned viewers,
                                                       Callbacks callbacks);

    ViewerWatch(const ViewerWatch&) = delete;
    ViewerWatch& operator=(const ViewerWatch&) = delete;
    virtual ~ViewerWatch() = default;

protected:
    ViewerWatch() = default;
};

/// How many viewers there are now, as far as can be known without having watched: 0 or 1.
/// `device` is as for ViewerWatch, which is not there. Thread: any thread, one at a time.
unsigned viewers_now(const V4l2Device& device, const CameraNode& node);

}  // namespace minikvm
