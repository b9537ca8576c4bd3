// SPDX-License-Identifier: MIT
// CameraStart: a camera on its way, while others show pictures.

#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "v4l2-bridge/camera.h"

namespace minikvm {

/// Shape:   begin() with a node of ours; `done` gets the camera once udev has handed the node over.
///          Destroyed before, the node goes too.
/// Errors:  to `done`: what udev's being late for 5 s leaves, EACCES, or Camera::open().
/// Thread:  the loop's. `done` is called from the loop, never from begin(), and may destroy it.
class CameraStart final {
public:
    using Done = std::function<void(Result<Camera> camera)>;

    /// `loop` must outlive it.
    static Result<std::unique_ptr<CameraStart>> begin(EventLoop& loop, CameraNode node,
                                                      const CameraMode& mode, Done done);

    CameraStart(const CameraStart&) = delete;
    CameraStart& operator=(const CameraStart&) = delete;
    ~CameraStart() = default;

private:
    CameraStart(CameraNode node, const CameraMode& mode, Done done);
    void try_open();
    void finish(Result<Camera> camera);

    std::optional<CameraNode> node_;  // handed on at the end
    CameraMode mode_;
    Done done_;
    TimePoint deadline_;
    UniqueFd inotify_;
    Watch watch_;
    Timer timer_;  // first try, then the deadline
};

}  // namespace minikvm
