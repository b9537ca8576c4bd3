// SPDX-License-Identifier: MIT
// VideoBridge: a stick's picture in a camera that every application can open.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "v4l2-bridge/latency_window.h"
#include "v4l2-bridge/picture_format.h"

namespace minikvm {

class Pump;

struct VideoOptions {
    std::string id;  // the stick's; the camera is labelled "Mini-KVM ID" where labels can be chosen
    // The nearest size and rate that the stick offers are taken.
    CameraMode mode{{{1920, 1080}, 30}, PictureFormat::Mjpg};
    std::uint64_t limit_pixels_per_second = kMs2109PixelsPerSecond;  // offered modes beyond: never
};

/// What of a camera's mode is to be another.
struct VideoWish {
    std::optional<PictureFormat> format = {};
    std::optional<PictureSize> size = {};
    std::optional<std::uint32_t> rate_hz = {};
};

/// What is so now. Counters run since create().
struct VideoStatus {
    std::vector<std::string> cameras;  // device nodes, e.g. "/dev/video10"
    CameraMode mode;                   // what the camera announces
    unsigned viewers = 0;
    bool streaming = false;      // the stick's own stream is on
    std::uint64_t frames = 0;    // shown on the camera
    std::uint64_t dropped = 0;   // gaps in the stick's own numbering
    std::uint64_t skipped = 0;   // whole, but a newer one was there already
    std::uint64_t broken = 0;    // not shown: damaged, empty or of the wrong size
    std::uint64_t filler = 0;    // not shown: the stick's start-up filler
    std::uint64_t decoded = 0;   // of those shown: made anew from a JPEG
    std::uint64_t repeated = 0;  // of those shown: the same as the one before, not decoded again
    Percentiles latency;         // from the stick's driver to the camera
    std::string error;           // why there is no picture; empty when nothing is wrong

    bool operator==(const VideoStatus&) const = default;
};

/// Shape:   create() makes or claims the camera and starts the video thread; the camera exists,
/// with
///          its format set, until destruction. attach() when the stick's capture node is there,
///          detach() when it was pulled: viewers stay and see the last picture meanwhile.
///          A stick that vanishes by itself ends its session in here; attach() starts the next.
/// Errors:  create(): ENOENT when v4l2loopback is not loaded or has no free camera of ours,
///          EACCES when the camera's node is not for us. Later failures are in VideoStatus::error.
/// Limits:  create() waits up to 5 s for udev to hand over a new node. Destruction joins the
/// thread,
///          which takes as long as switching the stick's stream off.
/// Thread:  the thread that made it, which runs `main`; callbacks arrive there, counters at most
///          once a second. `main` must outlive the bridge.
class VideoBridge final {
public:
    using StatusCallback = std::function<void(const VideoStatus& status)>;

    static Result<std::unique_ptr<VideoBridge>> create(EventLoop& main, VideoOptions options,
                                                       StatusCallback on_status);

    VideoBridge(const VideoBridge&) = delete;
    VideoBridge& operator=(const VideoBridge&) = delete;
    ~VideoBridge();

    void attach(std::string capture_node);
    void detach();

    using ChangeCallback = std::function<void(Result<CameraMode>)>;

    /// Makes the camera one of another mode, once; `done` gets what it has then.
    /// Errors: EBUSY while anybody watches; EINVAL for what the stick does not offer, with all
    /// that it does as context; what making the camera anew gives.
    void change(const VideoWish& wish, ChangeCallback done);

    /// The camera's nodes; the first is what /run/minikvm/ID/camera points to.
    const std::vector<std::string>& cameras() const { return cameras_; }

private:
    explicit VideoBridge(EventLoop& main);

    EventLoop& main_;
    std::vector<std::string> cameras_;
    // The bridge alone owns it; calls on their way to the main loop hold it weakly, and find it
    // gone when the bridge went first.
    std::shared_ptr<StatusCallback> on_status_;
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<Pump> pump_;  // its watches are on loop_
    std::thread thread_;          // runs loop_; joined first
};

}  // namespace minikvm
