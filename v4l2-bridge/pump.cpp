// SPDX-License-Identifier: MIT
// Pump: what wakes the video thread, what each wake-up does.

#include "v4l2-bridge/pump.h"

#include <chrono>
#include <utility>

#include "common/log.h"

namespace minikvm {
namespace {

constexpr log::MessageId kNoPicture{"a244dade4fb141b2afdb8c51128ce4c6"};

// A bus that is full of another stick's pictures has room again when that one leaves. A camera that
// could not be made can be when udev has caught up, or somebody has left a node.
constexpr std::chrono::seconds kStartAgain{5};

constexpr std::chrono::seconds kReportInterval{1};

// Where a camera is away while it is made anew: only when nobody has opened it for so long that
// hardly anybody will just then.
constexpr std::chrono::seconds kRenewAfter{30};

// A capture node that is closed while its driver is still taking the unplugged device apart makes
// both free the same thing: seen once, on 6.12, in uvcvideo's __media_device_unregister_entity().
// Unplugging is over long before this.
constexpr std::chrono::seconds kUnplugTime{2};

}  // namespace

Pump::Pump(PumpSurroundings surroundings, VideoOptions options, std::unique_ptr<Cameras> cameras,
           Callbacks callbacks)
    : surroundings_(std::move(surroundings)),
      options_(std::move(options)),
      cameras_(std::move(cameras)),
      callbacks_(std::move(callbacks)),
      name_(options_.id),
      stalls_(options_.stall_limit),
      linger_alarm_(surroundings_.alarms, [this] { linger_is_over(); }),
      look_alarm_(surroundings_.alarms, [this] { look(); }),
      report_alarm_(surroundings_.alarms, [this] { report(); }),
      renew_alarm_(surroundings_.alarms,
                   [this] {
                       renew_camera();
                       report();
                   }),
      release_alarm_(surroundings_.alarms, [this] { ended_.clear(); }),
      screenshot_alarm_(surroundings_.alarms, [this] { settle_screenshots(); }) {
}

Pump::~Pump() = default;

Result<void> Pump::start() {
    status_.viewers = cameras_->viewers();
    if (status_.viewers > 0) {
        choice_.viewers(true, time());
        look_alarm_.arm_after(CardChoice::kPatience);  // unless the stick is attached before
    }
    MINIKVM_TRY(cameras_->start({[this](unsigned viewers) { on_viewers(viewers); },
                                 [this] { on_open(); }, [this] { on_cameras(); }}));
    report();
    return {};
}

Pump::State Pump::state() const {
    if (!capture_ || cameras_->empty()) {
        return State::Absent;
    }
    return capture_watch_ ? State::Streaming : State::Idle;
}

void Pump::linger_is_over() {
    if (!screenshots_.empty()) {
        return;  // begins anew when they are given
    }
    stop_stream();
    hide_last_picture();
    let_stick_follow_wish();
    let_camera_follow_stick();
    report();
}

void Pump::on_open() {
    if (renew_alarm_.armed()) {
        renew_alarm_.arm_after(kRenewAfter);
    }
}

void Pump::on_cameras() {
    if (cameras_->empty() && !renew_alarm_.armed()) {
        camera_is_lost("it could not go on");
    }
    report();
}

void Pump::on_viewers(unsigned viewers) {
    status_.viewers = viewers;
    choice_.viewers(viewers > 0, time());
    if (viewers == 0) {
        start_again_.reset();
        linger_alarm_.arm_after(kLinger);
    } else {
        linger_alarm_.disarm();
        renew_alarm_.disarm();
    }
    if (viewers > 0 && state() == State::Idle) {
        start_stream();
    }
    look();
    report();
}

void Pump::attach(const std::string& capture_node) {
    end_session();
    // Unplugging is over, or there would be no new node. A stick that only slept has one holder,
    // and after a reset uvcvideo takes the streaming interface from its new node when the last one
    // closes the old (6.1 and 6.12, uvc_delete()): that is to be before the stream starts.
    ended_.clear();
    choice_.stick(true, time());
    auto capture =
        surroundings_.open_stream(capture_node, mode_wish(), options_.limit_pixels_per_second);
    if (!capture) {
        set_error(capture.error().message());
        look();
        report();
        return;
    }
    stick_is_well();
    capture_ = std::move(*capture);
    log::info("the stick's picture is there mode={} node={}", to_string(capture_->mode()),
              capture_node);
    let_camera_follow_stick();
    if (status_.viewers > 0 && state() == State::Idle) {
        start_stream();
    }
    look();
    report();
}

void Pump::detach() {
    end_session();
    stick_is_well();
    stick_gone();
    report();
}

void Pump::hide_last_picture() {
    if (cameras_->is_fresh()) {
        return;
    }
    if (cameras_->kind() == LoopbackKind::Static) {
        renew_camera();
        return;
    }
    if (auto hidden = cameras_->hide_last_picture(); !hidden) {
        set_error(hidden.error().message());
    }
    renew_alarm_.arm_after(kRenewAfter);
}

void Pump::renew_camera() {
    renew_alarm_.disarm();
    const bool was_lost = cameras_->empty();
    if (auto renewed = cameras_->start_anew(wanted_mode()); !renewed) {
        camera_is_lost(renewed.error().message());
    } else if (was_lost) {
        set_error({});
    }
}

void Pump::camera_is_lost(const std::string& why) {
    set_error("the camera is lost: " + why);
    renew_alarm_.arm_after(kStartAgain);
}

void Pump::start_stream() {
    start_again_.reset();
    const auto started = try_start_stream();
    if (started) {
        return;
    }
    start_again_ = time() + kStartAgain;
    set_error(started.error().code == std::errc::no_space_on_device
                  ? "the USB bus has no room left for this stick's pictures: another bus has, or a "
                    "smaller video/size or video/rate_hz needs less"
                  : started.error().message());
}

Result<void> Pump::try_start_stream() {
    if (capture_->mode().size != cameras_->mode().video.size) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "change the camera from " + to_string(cameras_->mode()) + " to " +
                              to_string(capture_->mode()) + " under a viewer");
    }
    gate_.restart();
    MINIKVM_TRY(capture_->stream_on());
    capture_watch_ = MINIKVM_TRY(surroundings_.watch(capture_->fd(), [this] { on_frames(); }));
    choice_.stream_on(time());
    stalls_.stream(true, time());
    return {};
}

void Pump::stop_stream() {
    if (!capture_watch_) {
        return;
    }
    capture_watch_.reset();
    capture_->stream_off();
    stalls_.stream(false, time());
}

void Pump::on_frames() {
    // EPOLLERR brings us here too: then the buffers say why.
    auto shown = show_newest(time());
    if (shown) {
        return;
    }
    end_session();
    // That the stick was pulled is nobody's fault.
    if (shown.error().code == std::errc::no_such_device) {
        stick_gone();
    } else {
        set_error(shown.error().message());
        look();
    }
    settle_screenshots();
    report();
}

Result<void> Pump::show_newest(TimePoint now) {
    const auto frame = MINIKVM_TRY(capture_->take_newest());
    stalls_.frame(now);
    report_soon();
    if (!frame) {
        return {};
    }
    if (!choice_.wants_pictures() || gate_.withhold(frame->bytes)) {
        ++status_.filler;
    } else {
        MINIKVM_TRY(use(*frame, now));
    }
    return capture_->give_back(frame->index);
}

Result<void> Pump::use(const CapturedFrame& frame, TimePoint now) {
    if (cameras_->is_shown() && !MINIKVM_TRY(show(frame, now))) {
        return {};
    }
    set_error({});
    give_screenshots(frame);
    return {};
}

/// Whether it was whole, also where only decoding tells.
Result<bool> Pump::show(const CapturedFrame& frame, TimePoint now) {
    auto shown = cameras_->show(frame.bytes, frame.timestamp);
    if (!shown && shown.error().code == std::errc::bad_message) {
        ++status_.broken;
        return false;
    }
    const Shown how = MINIKVM_TRY(std::move(shown));
    ++status_.frames;
    status_.decoded += how == Shown::Decoded ? 1 : 0;
    status_.repeated += how == Shown::Repeated ? 1 : 0;
    choice_.picture(time());
    if (cards_.card() != Card::None) {
        look();
    }
    latency_.add(std::chrono::duration_cast<std::chrono::microseconds>(time() - now));
    return true;
}

void Pump::leave_cameras() {
    cameras_->stay();
}

void Pump::end_session() {
    stop_stream();
    if (capture_) {
        add(status_, capture_->counters());
        ended_.push_back(std::move(capture_));
        release_alarm_.arm_after(kUnplugTime);
        log::info("the stick's picture has gone");
    }
}

void Pump::add(VideoStatus& status, const FrameCounters& counters) {
    status.dropped += counters.dropped;
    status.skipped += counters.skipped;
    status.broken += counters.broken;
}

void Pump::set_error(std::string error) {
    if (error == status_.error) {
        return;
    }
    if (error.empty()) {
        log::info("video works again");
    } else {
        log::warning(kNoPicture, "device: {}", error);
    }
    status_.error = std::move(error);
}

/// Or away, which is no error. That there is no camera remains one.
void Pump::stick_is_well() {
    if (!cameras_->empty()) {
        set_error({});
    }
}

void Pump::report_soon() {
    if (!report_alarm_.armed()) {
        report_alarm_.arm_after(kReportInterval);
    }
}

void Pump::report() {
    VideoStatus status = status_;
    status.cameras = cameras_->nodes();
    status.free_camera = cameras_->free_node();
    status.mode = cameras_->mode();
    status.streaming = state() == State::Streaming;
    status.card = cards_.card();
    status.latency = latency_.percentiles();
    if (capture_) {
        add(status, capture_->counters());
    }
    if (status != reported_) {
        reported_ = status;
        callbacks_.on_status(std::move(status));
    }
}

}  // namespace minikvm
