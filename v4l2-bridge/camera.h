// SPDX-License-Identifier: MIT
// Camera: what applications open; always a capture device that has a picture.

#pragma once

#include <sys/time.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "v4l2-bridge/camera_node.h"
#include "v4l2-bridge/frame_output.h"
#include "v4l2-bridge/jpeg_decoder.h"
#include "v4l2-bridge/picture_format.h"
#include "v4l2-bridge/v4l2_device.h"
#include "v4l2-bridge/viewer_watch.h"

namespace minikvm {

/// How a frame came to be shown.
enum class Shown {
    PassedOn,  // as the stick sent it
    Decoded,
    Repeated,  // the stick sent the same again, which was not decoded again
};

/// Shape:   open() leaves a node that announces one mode as a capture device, also before
///          there is a picture: format, rate, STREAMON, in this order; why is with FrameOutput.
///          A viewer who comes before the first picture waits for it: on both versions a camera
///          that nothing was shown on has nothing to hand over. Later ones would get the last
///          picture first, however old: hide it, or start_anew(), before they come.
/// Errors:  open(): as CameraNode::obtain() and FrameOutput::create().
/// Limits:  a viewer that an earlier daemon left behind keeps the size and format that it has: see
///          mode().
/// Thread:  the thread that made it.
class Camera final {
public:
    static Result<Camera> open(const std::string& id, const CameraMode& mode);

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
    /// from forgetting, a dark picture hides the last one.
    /// Errors: the camera is to be destroyed then.
    Result<void> start_anew(const CameraMode& mode);

    Result<std::unique_ptr<ViewerWatch>> watch_viewers(EventLoop& loop,
                                                       ViewerWatch::Callbacks callbacks) const;

    /// Shows a whole JPEG of the camera's size, captured at `timestamp`, and says what that took.
    /// Errors: EBADMSG for one that cannot be decoded: the last picture stays. Allocates nothing,
    /// but for a JPEG that is larger than all before it.
    Result<Shown> show(std::span<const std::uint8_t> jpeg, timeval timestamp);

    /// Shows a dark picture, for a viewer who has waited long enough.
    Result<void> show_start_picture();

    /// Somebody opens the camera: see FrameOutput::refresh().
    Result<void> refresh();

private:
    /// On the heap, since the output refers to the device.
    struct Parts {
        V4l2Device device;
        CameraMode mode;
        std::vector<std::uint8_t> start_picture;
        std::optional<JpegDecoder> decoder;   // none: mjpg
        std::vector<std::uint8_t> last_jpeg;  // that was decoded, if any
        std::unique_ptr<FrameOutput> output;  // refers to the device: goes first
        bool is_fresh = true;
    };

    Camera(CameraNode node, std::unique_ptr<Parts> parts)
        : node_(std::move(node)), parts_(std::move(parts)) {}
    static Result<std::unique_ptr<Parts>> start(const CameraNode& node, const CameraMode& mode);
    Result<Shown> decode(std::span<const std::uint8_t> jpeg, timeval timestamp);
    Result<void> hide_old_picture();

    CameraNode node_;
    std::unique_ptr<Parts> parts_;  // closed before the node goes
};

}  // namespace minikvm
