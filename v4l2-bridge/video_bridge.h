// SPDX-License-Identifier: MIT
// VideoBridge: a stick's picture in a camera that every application can open.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "v4l2-bridge/video_mode.h"

namespace minikvm {

class Pump;

struct VideoOptions {
    std::string id;  // the stick's; the camera is labelled "Mini-KVM ID" where labels can be chosen
    VideoMode mode{{1920, 1080}, 30};  // the nearest that the stick offers is taken
    std::uint64_t limit_pixels_per_second = kMs2109PixelsPerSecond;  // offered modes beyond: never
};

/// What is so now. Counters run since create().
struct VideoStatus {
    std::vector<std::string> cameras;  // device nodes, e.g. "/dev/video10"
    VideoMode mode;                    // what the camera announces
    unsigned viewers = 0;
    bool streaming = false;     // the stick's own stream is on
    std::uint64_t frames = 0;   // shown on the camera
    std::uint64_t dropped = 0;  // gaps in the stick's own numbering
    std::uint64_t skipped = 0;  // whole, but a newer one was there already
    std::uint64_t broken = 0;   // not shown: damaged, empty or of the wrong size
    std::uint64_t filler = 0;   // not shown: the stick's start-up filler
    std::string error;          // why there is no picture; empty when nothing is wrong

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

    /// The camera's nodes; the first is what /run/minikvm/ID/camera points to.
    const std::vector<std::string>& cameras() const { return cameras_; }

private:
    VideoBridge() = default;

    std::vector<std::string> cameras_;
    // The bridge alone owns it; calls on their way to the main loop hold it weakly, and find it
    // gone when the bridge went first.
    std::shared_ptr<StatusCallback> on_status_;
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<Pump> pump_;  // its watches are on loop_
    std::thread thread_;          // runs loop_; joined first
};

}  // namespace minikvm
