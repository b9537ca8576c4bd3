// SPDX-License-Identifier: MIT
// VideoBridge: a stick's picture in a camera that every application can open.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/alarms.h"
#include "common/event_loop.h"
#include "common/latency_window.h"
#include "common/result.h"
#include "v4l2-bridge/picture_format.h"
#include "v4l2-bridge/screenshot_requests.h"
#include "v4l2-bridge/status_card.h"

namespace minikvm {

class CameraKeeper;
class Pump;

struct VideoOptions {
    std::string id;  // the stick's; cameras are labelled "Mini-KVM ID" where labels can be chosen
    std::size_t max_cameras = 1;
    std::optional<unsigned> first_node = {};  // /dev/videoN of the first camera; none: any
    // The nearest size and rate that the stick offers are taken.
    CameraMode mode{{{1920, 1080}, 30}, PictureFormat::Yuyv};
    bool size_follows_target = false;  // rather the target's size, where the stick offers it
    std::uint64_t limit_pixels_per_second = kMs2109PixelsPerSecond;  // offered modes beyond: never
    std::chrono::milliseconds stall_limit{3000};  // without a frame for longer: see StallWatch
};

/// What of a camera's mode is to be another.
struct VideoWish {
    std::optional<PictureFormat> format = {};
    std::optional<PictureSize> size = {};
    bool size_follows_target = false;  // until a size is wished for
    std::optional<std::uint32_t> rate_hz = {};
};

/// What is so now. Counters run since create().
struct VideoStatus {
    std::vector<std::string> cameras;  // device nodes, e.g. "/dev/video10"
    std::string free_camera;           // the one of them that is for the next viewer
    CameraMode mode;                   // what the cameras announce
    unsigned viewers = 0;              // of all cameras
    bool streaming = false;            // the stick's own stream is on
    std::uint64_t frames = 0;          // shown, each once however many cameras
    std::uint64_t dropped = 0;         // gaps in the stick's own numbering
    std::uint64_t skipped = 0;         // whole, but a newer one was there already
    std::uint64_t broken = 0;          // not shown: damaged, empty or of the wrong size
    std::uint64_t filler = 0;          // not shown: the stick's start-up filler
    std::uint64_t decoded = 0;         // of those shown: made anew from a JPEG
    std::uint64_t repeated = 0;  // of those shown: the same as the one before, not decoded again
    std::uint64_t restarts = 0;  // of the stick's stream, which had fallen silent
    std::uint64_t resets = 0;    // of the stick, for the same reason
    Card card = Card::None;      // that is shown instead of a picture
    std::optional<Percentiles> latency;  // from the stick's driver to the camera
    std::string error;                   // why there is no picture; empty when nothing is wrong

    bool operator==(const VideoStatus&) const = default;
};

/// Shape:   create() takes over the cameras that an earlier process left under a viewer, or makes
///          one, and starts the video thread. While the last free camera is taken, another is
///          added. attach() when the stick's capture node is there, detach() when it was pulled:
///          viewers stay and see a card meanwhile, as they do while set_signal() has last said that
///          the target sends none.
///          A stick that vanishes by itself ends its session in here; attach() starts the next.
/// Errors:  create(): ENOENT when v4l2loopback is not loaded or has no free camera of ours,
///          EACCES when the camera's node is not for us. Later failures are in VideoStatus::error.
/// Limits:  create() waits up to 5 s for udev to hand over a new node. Destruction joins the
///          thread, which takes as long as switching the stick's stream off, and removes the
///          cameras that nobody has open.
/// Thread:  the thread that made it, which runs `main`; callbacks arrive there, counters at most
///          once a second. `main` and `keeper` must outlive the bridge.
class VideoBridge final {
public:
    struct Callbacks {
        std::function<void(const VideoStatus& status)> on_status;
        /// The stick sends nothing, also after its stream was started anew: the USB device behind
        /// its capture node is to be reset, or not.
        std::function<void(const std::string& capture_node)> on_reset_wanted;
    };

    static Result<std::unique_ptr<VideoBridge>> create(EventLoop& main, VideoOptions options,
                                                       CameraKeeper& keeper, Callbacks callbacks);

    VideoBridge(const VideoBridge&) = delete;
    VideoBridge& operator=(const VideoBridge&) = delete;
    ~VideoBridge();

    void attach(std::string capture_node);
    void detach();

    /// Whether the target's signal arrives at the stick; nothing while nobody knows.
    void set_signal(std::optional<bool> there);

    /// The size of what the target sends.
    void set_target_size(PictureSize size);

    /// What cards call the stick.
    void set_name(std::string name);

    using ChangeCallback = std::function<void(Result<CameraMode>)>;

    /// Makes the camera one of another mode, once; `done` gets what it has then.
    /// Errors: EBUSY while anybody watches; EINVAL for what the stick does not offer, with all
    /// that it does as context; what making the camera anew gives.
    void change(const VideoWish& wish, ChangeCallback done);

    /// The next picture of the target's screen, as the stick's own JPEG, also while nobody watches:
    /// the stick's stream is on for that long then. A card where that is wished and no picture is
    /// to be had. No reply comes after destruction.
    /// Errors: NoDevice without a stick; Failed without a signal, or without a picture after
    /// ScreenshotRequests::kLongest.
    void take_screenshot(ScreenshotWish wish, ScreenshotReply reply);

    /// The cameras go on without this process, for the next one to take them over: they are not
    /// removed by destruction, and their viewers notice nothing.
    void leave_cameras() { cameras_stay_ = true; }

    /// As it is at the start.
    const VideoStatus& first_status() const { return first_status_; }

private:
    explicit VideoBridge(EventLoop& main);

    EventLoop& main_;
    VideoStatus first_status_;
    bool cameras_stay_ = false;
    // The bridge alone owns it; calls on their way to the main loop hold it weakly, and find it
    // gone when the bridge went first.
    std::shared_ptr<Callbacks> callbacks_;
    std::unique_ptr<EventLoop> loop_;
    Timer alarm_timer_;  // on loop_, for all of alarms_
    Alarms alarms_;
    std::unique_ptr<Pump> pump_;  // its watches are on loop_
    std::thread thread_;          // runs loop_; joined first
};

}  // namespace minikvm
