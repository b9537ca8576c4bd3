// SPDX-License-Identifier: MIT
// Waiting for udev without standing still.

#include "v4l2-bridge/camera_start.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "v4l2-bridge/camera_node.h"

namespace minikvm {

CameraStart::CameraStart(CameraNode node, const CameraMode& mode, Done done)
    : node_(std::move(node)),
      mode_(mode),
      done_(std::move(done)),
      deadline_(Clock::now() + kUdevLimit) {
}

Result<std::unique_ptr<CameraStart>> CameraStart::begin(EventLoop& loop, CameraNode node,
                                                        const CameraMode& mode, Done done) {
    std::unique_ptr<CameraStart> start(new CameraStart(std::move(node), mode, std::move(done)));
    CameraStart& self = *start;
    self.inotify_ = MINIKVM_TRY(watch_for_new_nodes());
    self.watch_ = MINIKVM_TRY(loop.watch(self.inotify_.get(), EPOLLIN, [&self](auto) {
        std::array<char, 4096> events{};
        // What it says does not matter: opening tells.
        [[maybe_unused]] const ssize_t count =
            ::read(self.inotify_.get(), events.data(), events.size());
        self.try_open();
    }));
    self.timer_ = MINIKVM_TRY(loop.timer([&self](auto) { self.try_open(); }));
    self.timer_.arm_after(std::chrono::microseconds(0));
    return start;
}

void CameraStart::try_open() {
    auto device = V4l2Device::open(node_->node());
    if (device) {
        finish(Camera::open(std::move(*node_), std::move(*device), mode_));
        return;
    }
    if (is_not_yet_ours(device.error()) && Clock::now() < deadline_) {
        timer_.arm_at(deadline_);
        return;
    }
    finish(tl::unexpected(std::move(device.error())));
}

void CameraStart::finish(Result<Camera> camera) {
    // It may destroy this object.
    const Done done = std::move(done_);
    done(std::move(camera));
}

}  // namespace minikvm
