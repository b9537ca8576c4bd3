// SPDX-License-Identifier: MIT
// Pump: takes the stick's newest frame to the camera while somebody views.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/alarms.h"
#include "common/event_loop.h"
#include "v4l2-bridge/cameras.h"
#include "v4l2-bridge/card_choice.h"
#include "v4l2-bridge/card_show.h"
#include "v4l2-bridge/frame_check.h"
#include "v4l2-bridge/screenshot_requests.h"
#include "v4l2-bridge/stall_watch.h"
#include "v4l2-bridge/stick_stream.h"
#include "v4l2-bridge/video_bridge.h"

namespace minikvm {

/// What a pump works with, all of one thread.
struct PumpSurroundings {
    Alarms& alarms;  // must outlive the pump
    std::function<Result<Watch>(int fd, std::function<void()> on_readable)> watch;
    OpenStream open_stream;
};

/// Shape:   start(), then attach() and detach() as the stick comes and goes. While there is no
///          picture a viewer sees a card, CardChoice says which. The camera forgets the last
///          picture when the last viewer has left, so that a later one never takes it for a new
///          one. A screenshot is the next picture that comes; while nobody watches, the stream is
///          started for it.
/// Errors:  start(): what the kernel's limits give. Later ones are told by VideoStatus::error and
///          logged once.
/// Limits:  the camera's size follows the stick's, and that the target's where it is to, only while
///          nobody watches.
/// Thread:  that of its surroundings, or any one before that runs; `on_status` is called there.
class Pump final {
public:
    struct Callbacks {
        std::function<void(VideoStatus status)> on_status;
        std::function<void(const std::string& capture_node)> on_reset_wanted;
    };

    //            attach               a viewer comes, or a screenshot is wanted
    //  Absent ------------>  Idle  ------------------------------->  Streaming
    //     ^  ^                |  ^                                     |   |
    //     |  '----------------'  '-------------------------------------'   |
    //     |        detach         the last viewer has left for 1 s, or     |
    //     |                       the last screenshot was given 1 s ago    |
    //     '----------------------------------------------------------------'
    //             detach, or the stick's stream ends with an error
    //
    //  A viewer who is there at attach starts the stream at once. A stream that cannot be started
    //  leaves the pump Idle, and is tried again every 5 s while a viewer is there. A stream that
    //  falls silent is started anew, or the stick reset, which leads through Absent: StallWatch.
    //  Without a camera the pump is Absent, too, until one could be made, which is tried every 5 s.
    enum class State { Absent, Idle, Streaming };

    Pump(PumpSurroundings surroundings, VideoOptions options, std::unique_ptr<Cameras> cameras,
         Callbacks callbacks);

    Pump(const Pump&) = delete;
    Pump& operator=(const Pump&) = delete;
    ~Pump();

    Result<void> start();
    void attach(const std::string& capture_node);
    void detach();
    void set_signal(std::optional<bool> there);
    void set_target_size(PictureSize size);
    void set_name(std::string name);

    /// As VideoBridge::leave_cameras(). Once the loop runs no more.
    void leave_cameras();

    /// As VideoBridge::change().
    Result<CameraMode> change(const VideoWish& wish);

    /// As VideoBridge::take_screenshot(); `reply` is called there, too.
    void take_screenshot(ScreenshotWish wish, ScreenshotReply reply);

private:
    // Applications open a camera, close it to choose a mode, open it again: the stick would start
    // with filler frames each time.
    static constexpr std::chrono::seconds kLinger{1};

    TimePoint time() const { return surroundings_.alarms.now(); }
    State state() const;
    void linger_is_over();
    void on_viewers(unsigned viewers);
    void on_open();
    void on_cameras();
    void hide_last_picture();
    ModeWish mode_wish() const;
    CameraMode wanted_mode() const;
    Result<void> check_offered(const VideoWish& wish) const;
    void let_stick_follow_wish();
    Result<void> reopen_capture();
    void let_camera_follow_stick();
    void renew_camera();
    void camera_is_lost(const std::string& why);

    void start_stream();
    Result<void> try_start_stream();
    void stop_stream();
    void on_frames();
    Result<void> show_newest(TimePoint now);
    Result<void> use(const CapturedFrame& frame, TimePoint now);
    Result<bool> show(const CapturedFrame& frame, TimePoint now);
    void end_session();
    void stick_gone();

    void look();
    void heal(TimePoint now);
    void tell_remedy(const char* remedy) const;
    void show_card(TimePoint now);
    CardText card_text(Card card) const;
    void card_changed();

    void settle_screenshots();
    void refuse_screenshots(const std::vector<ScreenshotRequest>& requests, Card why);
    void give_screenshots(const CapturedFrame& frame);
    void rest_after_screenshots();

    static void add(VideoStatus& status, const FrameCounters& counters);
    void set_error(std::string error);
    void stick_is_well();
    void report();
    void report_soon();

    PumpSurroundings surroundings_;
    VideoOptions options_;
    std::unique_ptr<Cameras> cameras_;  // empty(): see State
    Callbacks callbacks_;
    std::string name_;
    std::optional<PictureSize> target_size_;  // the last one known
    VideoStatus status_;    // of the sessions before this one, as far as the stick counts
    VideoStatus reported_;  // what `on_status` was told last
    FillerGate gate_;
    CardChoice choice_;
    CardShow cards_;
    StallWatch stalls_;
    ScreenshotRequests screenshots_;
    std::optional<TimePoint> start_again_;  // a stream that could not be started
    LatencyWindow latency_;

    Alarm linger_alarm_;      // the last viewer has left
    Alarm look_alarm_;        // a card may have to be shown, or a remedy tried
    Alarm report_alarm_;      // counters have changed
    Alarm renew_alarm_;       // nobody has opened a camera for long, or there is none
    Alarm release_alarm_;     // captures whose session is over can be closed
    Alarm screenshot_alarm_;  // somebody has waited for a picture for too long

    std::vector<std::unique_ptr<StickStream>> ended_;  // closed by release_alarm_
    std::unique_ptr<StickStream> capture_;             // none: Absent
    std::optional<Watch> capture_watch_;               // Streaming; goes before the capture
};

}  // namespace minikvm
