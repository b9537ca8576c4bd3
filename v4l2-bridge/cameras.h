// SPDX-License-Identifier: MIT
// Cameras: what viewers of a stick's picture open.

#pragma once

#include <sys/time.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "common/result.h"
#include "v4l2-bridge/camera_node.h"
#include "v4l2-bridge/drawn_picture.h"
#include "v4l2-bridge/picture_format.h"
#include "v4l2-bridge/picture_maker.h"

namespace minikvm {

/// Shape:   start() begins to tell of viewers. show() brings a frame to everybody who watches.
/// Limits:  one mode for all; it changes by start_anew() alone.
/// Thread:  that of the loop that its callbacks arrive on, or any one before the loop runs.
class Cameras {
public:
    struct Callbacks {
        std::function<void(unsigned viewers)> on_viewers;  // of all cameras together
        std::function<void()> on_open;                     // somebody who may be no viewer
        std::function<void()> on_change;                   // nodes(), free_node()
    };

    Cameras() = default;
    Cameras(const Cameras&) = delete;
    Cameras& operator=(const Cameras&) = delete;
    virtual ~Cameras() = default;

    virtual Result<void> start(Callbacks callbacks) = 0;

    /// Whether all are lost: start_anew() tries to make one again.
    virtual bool empty() const = 0;
    virtual std::vector<std::string> nodes() const = 0;

    /// For the next viewer. Empty without cameras.
    virtual std::string free_node() const = 0;
    virtual unsigned viewers() const = 0;

    /// What every camera announces.
    virtual const CameraMode& mode() const = 0;
    virtual LoopbackKind kind() const = 0;

    /// Whether no camera has a picture that a new viewer would get.
    virtual bool is_fresh() const = 0;

    /// Makes every camera a fresh one, of another mode if need be, or the first one where there is
    /// none. Only while nobody watches any.
    /// Errors: no camera is left then.
    virtual Result<void> start_anew(const CameraMode& mode) = 0;

    /// Whether show() would show anybody anything: somebody watches, or has just left.
    virtual bool is_shown() const = 0;

    /// Shows a whole JPEG of the cameras' size, captured at `timestamp`: PictureMaker::show().
    virtual Result<Shown> show(std::span<const std::uint8_t> jpeg, timeval timestamp) = 0;

    /// Shows those who watch a picture of our own, of the cameras' size.
    virtual Result<void> show_drawn(const DrawnPicture& picture) = 0;

    /// Shows a dark picture where nobody watches, so that the next viewer gets no old one.
    virtual Result<void> hide_last_picture() = 0;

    /// The cameras outlive this and the process, for the next process to take them over.
    virtual void stay() = 0;
};

}  // namespace minikvm
