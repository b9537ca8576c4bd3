// SPDX-License-Identifier: MIT
// VideoBridge: the main thread's side of the video thread.

#include "v4l2-bridge/video_bridge.h"

#include <pthread.h>
#include <signal.h>

#include <utility>

#include "common/log.h"
#include "v4l2-bridge/camera.h"
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
                                                         StatusCallback on_status) {
    std::unique_ptr<VideoBridge> bridge(new VideoBridge(main));
    Camera camera = MINIKVM_TRY(Camera::open(options.id, options.mode));
    bridge->cameras_ = {camera.node()};
    bridge->on_status_ = std::make_shared<StatusCallback>(std::move(on_status));
    bridge->loop_ = MINIKVM_TRY(EventLoop::create());
    auto post_status = [&main, callback = std::weak_ptr(bridge->on_status_)](VideoStatus status) {
        main.post([callback, status = std::move(status)] {
            if (const auto alive = callback.lock()) {
                (*alive)(status);
            }
        });
    };
    bridge->pump_ = std::make_unique<Pump>(*bridge->loop_, std::move(options), std::move(camera),
                                           std::move(post_status));
    MINIKVM_TRY(bridge->pump_->start());
    bridge->thread_ = start_quiet_thread([loop = bridge->loop_.get()] {
        ::pthread_setname_np(::pthread_self(), "video");
        if (auto ended = loop->run(); !ended) {
            log::error("bug: the video thread ended: {}", ended.error().message());
        }
    });
    return bridge;
}

VideoBridge::VideoBridge(EventLoop& main) : main_(main) {
}

VideoBridge::~VideoBridge() {
    if (thread_.joinable()) {
        loop_->stop();
        thread_.join();
    }
}

void VideoBridge::attach(std::string capture_node) {
    loop_->post([pump = pump_.get(), node = std::move(capture_node)] { pump->attach(node); });
}

void VideoBridge::change(const VideoWish& wish, ChangeCallback done) {
    loop_->post([this, wish, done = std::move(done)] {
        // The bridge joins this thread before it goes; the main loop may come to it later.
        main_.post([alive = std::weak_ptr(on_status_), done, result = pump_->change(wish)] {
            if (!alive.expired()) {
                done(result);
            }
        });
    });
}

void VideoBridge::detach() {
    loop_->post([pump = pump_.get()] { pump->detach(); });
}

}  // namespace minikvm
