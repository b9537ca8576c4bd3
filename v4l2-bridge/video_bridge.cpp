// SPDX-License-Identifier: MIT
// VideoBridge: the main thread's side of the video thread.

#include "v4l2-bridge/video_bridge.h"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>

#include <utility>

#include "common/log.h"
#include "v4l2-bridge/camera_set.h"
#include "v4l2-bridge/capture.h"
#include "v4l2-bridge/pump.h"

namespace minikvm {
namespace {

/// Starts a thread that no signal is delivered to, whatever the others block: signals are main's.
template <typename Body>
std::thread start_quiet_thread(Body body) {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread thread(std::move(body));
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
}

}  // namespace

Result<std::unique_ptr<VideoBridge>> VideoBridge::create(EventLoop& main, VideoOptions options,
                                                         CameraKeeper& keeper,
                                                         Callbacks callbacks) {
    std::unique_ptr<VideoBridge> bridge(new VideoBridge(main));
    bridge->loop_ = MINIKVM_TRY(EventLoop::create());
    auto cameras = MINIKVM_TRY(
        CameraSet::open(*bridge->loop_, {options.id, options.max_cameras, options.first_node},
                        options.mode, keeper));
    bridge->first_status_.cameras = cameras->nodes();
    bridge->first_status_.free_camera = cameras->free_node();
    bridge->first_status_.viewers = cameras->viewers();
    bridge->callbacks_ = std::make_shared<Callbacks>(std::move(callbacks));
    const std::weak_ptr<Callbacks> weak = bridge->callbacks_;
    auto post_status = [&main, weak](VideoStatus status) {
        main.post([weak, status = std::move(status)] {
            if (const auto alive = weak.lock()) {
                alive->on_status(status);
            }
        });
    };
    auto post_reset = [&main, weak](const std::string& capture_node) {
        main.post([weak, capture_node] {
            if (const auto alive = weak.lock()) {
                alive->on_reset_wanted(capture_node);
            }
        });
    };
    bridge->alarm_timer_ = MINIKVM_TRY(
        bridge->loop_->timer([bridge = bridge.get()](auto) { bridge->alarms_.ring(); }));
    PumpSurroundings surroundings{
        bridge->alarms_,
        [loop = bridge->loop_.get()](int fd, std::function<void()> on_readable) {
            return loop->watch(fd, EPOLLIN,
                               [on_readable = std::move(on_readable)](auto) { on_readable(); });
        },
        Capture::open};
    bridge->pump_ =
        std::make_unique<Pump>(std::move(surroundings), std::move(options), std::move(cameras),
                               Pump::Callbacks{post_status, post_reset});
    MINIKVM_TRY(bridge->pump_->start());
    bridge->thread_ = start_quiet_thread([loop = bridge->loop_.get()] {
        ::pthread_setname_np(::pthread_self(), "video");
        if (auto ended = loop->run(); !ended) {
            log::error("bug: the video thread ended: {}", ended.error().message());
        }
    });
    return bridge;
}

VideoBridge::VideoBridge(EventLoop& main)
    : main_(main), alarms_(Clock::now, [this](std::optional<TimePoint> deadline) {
          if (deadline) {
              alarm_timer_.arm_at(*deadline);
          } else {
              alarm_timer_.disarm();
          }
      }) {
}

VideoBridge::~VideoBridge() {
    if (thread_.joinable()) {
        loop_->stop();
        thread_.join();
    }
    if (pump_ && cameras_stay_) {
        pump_->leave_cameras();
    }
}

void VideoBridge::attach(std::string capture_node) {
    loop_->post([pump = pump_.get(), node = std::move(capture_node)] { pump->attach(node); });
}

void VideoBridge::change(const VideoWish& wish, ChangeCallback done) {
    loop_->post([this, wish, done = std::move(done)] {
        // The bridge joins this thread before it goes; the main loop may come to it later.
        main_.post([alive = std::weak_ptr(callbacks_), done, result = pump_->change(wish)] {
            if (!alive.expired()) {
                done(result);
            }
        });
    });
}

void VideoBridge::take_screenshot(ScreenshotWish wish, ScreenshotReply reply) {
    loop_->post([this, wish, reply = std::move(reply)] {
        pump_->take_screenshot(wish, [this, reply](const Result<Screenshot>& screenshot) {
            main_.post([alive = std::weak_ptr(callbacks_), reply, screenshot] {
                if (!alive.expired()) {
                    reply(screenshot);
                }
            });
        });
    });
}

void VideoBridge::detach() {
    loop_->post([pump = pump_.get()] { pump->detach(); });
}

void VideoBridge::set_signal(std::optional<bool> there) {
    loop_->post([pump = pump_.get(), there] { pump->set_signal(there); });
}

void VideoBridge::set_target_size(PictureSize size) {
    loop_->post([pump = pump_.get(), size] { pump->set_target_size(size); });
}

void VideoBridge::set_name(std::string name) {
    loop_->post([pump = pump_.get(), name = std::move(name)] { pump->set_name(name); });
}

}  // namespace minikvm
