// SPDX-License-Identifier: MIT
// Pump: what wakes the video thread, what each wake-up does.

#include "v4l2-bridge/pump.h"

#include <sys/epoll.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/log.h"

namespace minikvm {
namespace {

// Applications open a camera, close it to choose a mode, open it again: the stick would start with
// filler frames each time.
constexpr std::chrono::seconds kLinger{1};

// A viewer waits this long for a first picture, then gets a dark one: the stick may take a second
// (docs/hardware.md 2.5, point 3), and half of one more for filler.
constexpr std::chrono::seconds kPatience{2};

constexpr std::chrono::seconds kReportInterval{1};

// Where a camera is away while it is made anew: only when nobody has opened it for so long that
// hardly anybody will just then.
constexpr std::chrono::seconds kRenewAfter{30};

// A capture node that is closed while its driver is still taking the unplugged device apart makes
// both free the same thing: seen once, on 6.12, in uvcvideo's __media_device_unregister_entity().
// Unplugging is over long before this.
constexpr std::chrono::seconds kUnplugTime{2};

void add(VideoStatus& status, const FrameCounters& counters) {
    status.dropped += counters.dropped;
    status.skipped += counters.skipped;
    status.broken += counters.broken;
}

}  // namespace

Pump::Pump(EventLoop& loop, VideoOptions options, Camera camera, StatusCallback on_status)
    : loop_(loop),
      options_(std::move(options)),
      camera_(std::move(camera)),
      on_status_(std::move(on_status)) {
}

Pump::~Pump() = default;

Result<void> Pump::start() {
    linger_timer_ = MINIKVM_TRY(loop_.timer([this](auto) {
        stop_stream();
        hide_last_picture();
        let_camera_follow_stick();
        report();
    }));
    renew_timer_ = MINIKVM_TRY(loop_.timer([this](auto) {
        renew_camera();
        report();
    }));
    release_timer_ = MINIKVM_TRY(loop_.timer([this](auto) { ended_.clear(); }));
    patience_timer_ = MINIKVM_TRY(loop_.timer([this](auto) { on_patience_over(); }));
    report_timer_ = MINIKVM_TRY(loop_.timer([this](auto) { report(); }));
    MINIKVM_TRY(watch_viewers());
    report();
    return {};
}

Pump::State Pump::state() const {
    if (!capture_ || !camera_) {
        return State::Absent;
    }
    return capture_watch_ ? State::Streaming : State::Idle;
}

Result<void> Pump::watch_viewers() {
    viewer_watch_ = MINIKVM_TRY(camera_->watch_viewers(
        loop_, {[this](unsigned viewers) { on_viewers(viewers); }, [this] { on_open(); }}));
    return {};
}

void Pump::on_open() {
    if (renew_timer_.armed()) {
        renew_timer_.arm_after(kRenewAfter);
    }
    if (state() == State::Streaming) {
        return;  // the last picture is a new one
    }
    if (auto refreshed = camera_->refresh(); !refreshed) {
        set_error(refreshed.error().message());
    }
}

void Pump::on_viewers(unsigned viewers) {
    const bool first_viewer = status_.viewers == 0 && viewers > 0;
    status_.viewers = viewers;
    if (viewers == 0) {
        patience_timer_.disarm();
        linger_timer_.arm_after(kLinger);
    } else {
        linger_timer_.disarm();
        renew_timer_.disarm();
    }
    if (first_viewer) {
        frames_before_viewers_ = status_.frames;
        patience_timer_.arm_after(kPatience);
    }
    if (viewers > 0 && state() == State::Idle) {
        start_stream();
    }
    report();
}

void Pump::on_patience_over() {
    if (state() == State::Streaming) {
        set_error("the stick's stream is on, but no picture has come");
    }
    // A viewer who had a picture keeps it.
    if (camera_ && status_.frames == frames_before_viewers_) {
        if (auto shown = camera_->show_start_picture(); !shown) {
            set_error(shown.error().message());
        }
    }
    report();
}

void Pump::attach(const std::string& capture_node) {
    end_session();
    if (!camera_) {
        return;
    }
    // The camera's mode rather than the wanted one: a viewer may hold it.
    auto capture = Capture::open(capture_node,
                                 status_.viewers > 0 ? camera_->mode().video : options_.mode.video,
                                 options_.limit_pixels_per_second);
    if (!capture) {
        set_error(capture.error().message());
        report();
        return;
    }
    set_error({});
    capture_ = std::move(*capture);
    log::info("the stick's picture is there mode={} node={}", to_string(capture_->mode()),
              capture_node);
    let_camera_follow_stick();
    if (status_.viewers > 0 && state() == State::Idle) {
        start_stream();
    }
    report();
}

void Pump::detach() {
    end_session();
    set_error({});
    report();
}

void Pump::hide_last_picture() {
    if (!camera_ || camera_->is_fresh()) {
        return;
    }
    if (camera_->kind() == LoopbackKind::Static) {
        renew_camera();
        return;
    }
    if (auto hidden = camera_->show_start_picture(); !hidden) {
        set_error(hidden.error().message());
    }
    renew_timer_.arm_after(kRenewAfter);
}

CameraMode Pump::wanted_mode() const {
    return {capture_ ? capture_->mode() : options_.mode.video, options_.mode.format};
}

void Pump::let_camera_follow_stick() {
    if (state() == State::Idle && status_.viewers == 0 && wanted_mode() != camera_->mode()) {
        renew_camera();
    }
}

Result<void> Pump::check_offered(const VideoWish& wish) const {
    // A size is taken with any rate, since not every rate is offered for every size.
    const PictureSize size = wish.size.value_or(options_.mode.video.size);
    const auto fits = [&](const VideoMode& mode) {
        return mode.size == size && (!wish.rate_hz || mode.rate_hz == *wish.rate_hz);
    };
    const bool is_asked = wish.size || wish.rate_hz;
    if (!is_asked || !capture_ || std::ranges::any_of(capture_->offered(), fits)) {
        return {};
    }
    std::vector<std::string> offered;
    for (const VideoMode& mode : capture_->offered()) {
        offered.push_back(to_string(mode));
    }
    return make_error(
        std::make_error_code(std::errc::invalid_argument),
        fmt::format("the stick does not offer that, but: {}", fmt::join(offered, " ")));
}

Result<void> Pump::reopen_capture() {
    const std::string node = capture_->node();
    add(status_, capture_->counters());
    capture_.reset();
    capture_ =
        MINIKVM_TRY(Capture::open(node, options_.mode.video, options_.limit_pixels_per_second));
    return {};
}

Result<CameraMode> Pump::change(const VideoWish& wish) {
    if (status_.viewers > 0) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "somebody watches the camera");
    }
    CameraMode mode = options_.mode;
    mode.format = wish.format.value_or(mode.format);
    mode.video.size = wish.size.value_or(mode.video.size);
    mode.video.rate_hz = wish.rate_hz.value_or(mode.video.rate_hz);
    MINIKVM_TRY(check_offered(wish));
    options_.mode = mode;
    linger_timer_.disarm();
    stop_stream();
    if (capture_ && capture_->mode() != mode.video) {
        if (auto reopened = reopen_capture(); !reopened) {
            set_error(reopened.error().message());
        }
    }
    if (camera_ && (wanted_mode() != camera_->mode() || !camera_->is_fresh())) {
        renew_camera();
    }
    report();
    if (!camera_) {
        return make_error(std::make_error_code(std::errc::no_such_device), status_.error);
    }
    return camera_->mode();
}

void Pump::renew_camera() {
    renew_timer_.disarm();
    viewer_watch_.reset();
    auto renewed = camera_->start_anew(wanted_mode());
    if (renewed) {
        renewed = watch_viewers();
    }
    if (!renewed) {
        camera_.reset();
        set_error("the camera is lost: " + renewed.error().message());
    }
}

void Pump::start_stream() {
    if (auto started = try_start_stream(); !started) {
        set_error(started.error().message());
    }
}

Result<void> Pump::try_start_stream() {
    if (capture_->mode().size != camera_->mode().video.size) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "change the camera from " + to_string(camera_->mode()) + " to " +
                              to_string(capture_->mode()) + " under a viewer");
    }
    gate_.restart();
    MINIKVM_TRY(capture_->stream_on());
    capture_watch_ =
        MINIKVM_TRY(loop_.watch(capture_->fd(), EPOLLIN, [this](auto) { on_frames(); }));
    patience_timer_.arm_after(kPatience);
    return {};
}

void Pump::stop_stream() {
    if (!capture_watch_) {
        return;
    }
    capture_watch_.reset();
    capture_->stream_off();
}

void Pump::on_frames() {
    // EPOLLERR brings us here too: then the buffers say why.
    auto shown = show_newest(Clock::now());
    if (shown) {
        return;
    }
    // That the stick was pulled is nobody's fault.
    if (shown.error().code != std::errc::no_such_device) {
        set_error(shown.error().message());
    }
    end_session();
    report();
}

Result<void> Pump::show_newest(TimePoint now) {
    const auto frame = MINIKVM_TRY(capture_->take_newest());
    report_soon();
    if (!frame) {
        return {};
    }
    if (gate_.withhold(frame->bytes)) {
        ++status_.filler;
    } else {
        MINIKVM_TRY(show(*frame));
        latency_.add(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - now));
    }
    return capture_->give_back(frame->index);
}

Result<void> Pump::show(const CapturedFrame& frame) {
    auto shown = camera_->show(frame.bytes, frame.timestamp);
    if (!shown && shown.error().code == std::errc::bad_message) {
        ++status_.broken;
        return {};
    }
    const Shown how = MINIKVM_TRY(std::move(shown));
    ++status_.frames;
    status_.decoded += how == Shown::Decoded ? 1 : 0;
    status_.repeated += how == Shown::Repeated ? 1 : 0;
    patience_timer_.disarm();
    set_error({});
    return {};
}

void Pump::end_session() {
    stop_stream();
    if (capture_) {
        add(status_, capture_->counters());
        ended_.push_back(std::move(capture_));
        release_timer_.arm_after(kUnplugTime);
        log::info("the stick's picture has gone");
    }
}

void Pump::set_error(std::string error) {
    if (error == status_.error) {
        return;
    }
    if (error.empty()) {
        log::info("video works again");
    } else {
        log::warning("device: {}", error);
    }
    status_.error = std::move(error);
}

void Pump::report_soon() {
    if (!report_timer_.armed()) {
        report_timer_.arm_after(kReportInterval);
    }
}

void Pump::report() {
    VideoStatus status = status_;
    if (camera_) {
        status.cameras = {camera_->node()};
        status.mode = camera_->mode();
    }
    status.streaming = state() == State::Streaming;
    status.latency = latency_.percentiles();
    if (capture_) {
        add(status, capture_->counters());
    }
    if (status != reported_) {
        reported_ = status;
        on_status_(std::move(status));
    }
}

}  // namespace minikvm
