// SPDX-License-Identifier: MIT
// Pump: takes the stick's newest frame to the camera while somebody views.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/event_loop.h"
#include "v4l2-bridge/camera.h"
#include "v4l2-bridge/capture.h"
#include "v4l2-bridge/frame_check.h"
#include "v4l2-bridge/video_bridge.h"

namespace minikvm {

/// Shape:   start(), then attach() and detach() as the stick comes and goes. The camera keeps the
///          last picture meanwhile, so that a viewer never loses it, and forgets it when the last
///          viewer has left, so that a later one never takes it for a new one.
/// Errors:  start(): what the kernel's limits give. Later ones are told by VideoStatus::error and
///          logged once.
/// Limits:  the camera's size follows the stick's only while nobody watches.
/// Thread:  the loop's, or any one before the loop runs; `on_status` is called there.
class Pump final {
public:
    using StatusCallback = std::function<void(VideoStatus status)>;

    //            attach                        a viewer comes
    //  Absent ------------>  Idle  ------------------------------->  Streaming
    //     ^  ^                |  ^                                     |   |
    //     |  '----------------'  '-------------------------------------'   |
    //     |        detach             the last viewer has left for 1 s     |
    //     '----------------------------------------------------------------'
    //             detach, or the stick's stream ends with an error
    //
    //  A viewer who is there at attach starts the stream at once. A stream that cannot be started
    //  leaves the pump Idle until the next viewer comes. A camera that is lost while it is made
    //  anew leaves the pump Absent for good.
    //  Not handled: a stream that stalls is reported, and left as it is.
    enum class State { Absent, Idle, Streaming };

    /// `loop` must outlive the pump.
    Pump(EventLoop& loop, VideoOptions options, Camera camera, StatusCallback on_status);

    Pump(const Pump&) = delete;
    Pump& operator=(const Pump&) = delete;
    ~Pump();

    Result<void> start();
    void attach(const std::string& capture_node);
    void detach();

    /// As VideoBridge::change().
    Result<CameraMode> change(const VideoWish& wish);

private:
    State state() const;
    void on_viewers(unsigned viewers);
    void on_open();
    Result<void> watch_viewers();
    void on_patience_over();
    void hide_last_picture();
    CameraMode wanted_mode() const;
    Result<void> check_offered(const VideoWish& wish) const;
    Result<void> reopen_capture();
    void let_camera_follow_stick();
    void renew_camera();

    void start_stream();
    Result<void> try_start_stream();
    void stop_stream();
    void on_frames();
    Result<void> show_newest(TimePoint now);
    Result<void> show(const CapturedFrame& frame);
    void end_session();

    void set_error(std::string error);
    void report();
    void report_soon();

    EventLoop& loop_;
    VideoOptions options_;
    std::optional<Camera> camera_;  // none: lost, see State
    StatusCallback on_status_;
    VideoStatus status_;    // of the sessions before this one, as far as the stick counts
    VideoStatus reported_;  // what `on_status` was told last
    std::uint64_t frames_before_viewers_ = 0;
    FillerGate gate_;
    LatencyWindow latency_;

    std::unique_ptr<ViewerWatch> viewer_watch_;
    Timer linger_timer_;    // the last viewer has left
    Timer patience_timer_;  // a viewer or the stream is there, and no picture has come
    Timer report_timer_;    // counters have changed
    Timer renew_timer_;     // nobody has opened the camera for long
    Timer release_timer_;   // captures whose session is over can be closed

    std::vector<std::unique_ptr<Capture>> ended_;  // closed by release_timer_
    std::unique_ptr<Capture> capture_;             // none: Absent
    std::optional<Watch> capture_watch_;           // Streaming; goes before the capture
};

}  // namespace minikvm
