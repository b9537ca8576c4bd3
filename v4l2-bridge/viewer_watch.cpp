// SPDX-License-Identifier: MIT
// The two ways of finding out who reads from v4l2loopback.

#include "v4l2-bridge/viewer_watch.h"

#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string>

#include "common/file.h"
#include "common/log.h"

namespace minikvm {
namespace {

// V4L2_EVENT_PRI_CLIENT_USAGE of v4l2loopback.c; its payload is the number of streaming readers.
constexpr std::uint32_t kClientUsage = V4L2_EVENT_PRIVATE_START + 0x08E00000 + 1;

Result<UniqueFd> watch_node(const CameraNode& node, std::uint32_t mask) {
    UniqueFd inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!inotify || ::inotify_add_watch(inotify.get(), node.node().c_str(), mask) < 0) {
        return errno_error("watch " + node.node());
    }
    return inotify;
}

/// Calls with the mask of each event that is waiting.
template <typename Callable>
void take_inotify_events(int inotify, Callable call) {
    alignas(inotify_event) std::array<char, 4096> events{};
    const ssize_t size = ::read(inotify, events.data(), events.size());
    for (ssize_t offset = 0; offset < size;) {
        inotify_event event{};
        std::memcpy(&event, events.data() + offset, sizeof event);
        call(event.mask);
        offset += static_cast<ssize_t>(sizeof event + event.len);
    }
}

class EventWatch final : public ViewerWatch {
public:
    static Result<std::unique_ptr<ViewerWatch>> create(EventLoop& loop, const V4l2Device& device,
                                                       const CameraNode& node,
                                                       Callbacks callbacks) {
        // Without SEND_INITIAL a reader who is there already would not be told of.
        MINIKVM_TRY(device.subscribe(kClientUsage, V4L2_EVENT_SUB_FL_SEND_INITIAL));
        auto watch = std::make_unique<EventWatch>(device, MINIKVM_TRY(watch_node(node, IN_OPEN)),
                                                  std::move(callbacks));
        watch->watch_ = MINIKVM_TRY(
            loop.watch(device.fd(), EPOLLPRI, [self = watch.get()](auto) { self->take_events(); }));
        watch->open_watch_ = MINIKVM_TRY(loop.watch(
            watch->inotify_.get(), EPOLLIN, [self = watch.get()](auto) { self->take_opens(); }));
        return watch;
    }

    EventWatch(const V4l2Device& device, UniqueFd inotify, Callbacks callbacks)
        : device_(device), inotify_(std::move(inotify)), callbacks_(std::move(callbacks)) {}

private:
    void take_events() {
        unsigned viewers = viewers_;
        while (const auto event = device_.dequeue_event()) {
            if (event->type == kClientUsage) {
                std::memcpy(&viewers, event->u.data, sizeof viewers);
            }
        }
        if (viewers != viewers_) {
            viewers_ = viewers;
            callbacks_.on_change(viewers_);
        }
    }

    void take_opens() {
        take_inotify_events(inotify_.get(), [](auto) {});
        callbacks_.on_open();
    }

    const V4l2Device& device_;
    UniqueFd inotify_;
    Callbacks callbacks_;
    unsigned viewers_ = 0;
    Watch watch_;
    Watch open_watch_;
};

class OpenersWatch final : public ViewerWatch {
public:
    static Result<std::unique_ptr<ViewerWatch>> create(EventLoop& loop, const CameraNode& node,
                                                       Callbacks callbacks) {
        UniqueFd inotify = MINIKVM_TRY(watch_node(node, IN_OPEN | IN_CLOSE));
        std::string max_openers = MINIKVM_TRY(read_text_file(node.sysfs() + "/max_openers"));
        auto watch = std::make_unique<OpenersWatch>(std::move(inotify), node.sysfs(),
                                                    std::move(max_openers), std::move(callbacks));
        watch->timer_ = MINIKVM_TRY(loop.timer([self = watch.get()](auto) { self->look(); }));
        watch->watch_ = MINIKVM_TRY(loop.watch(
            watch->inotify_.get(), EPOLLIN, [self = watch.get()](auto) { self->take_events(); }));
        // Whoever opened it before the watch is found by asking the module.
        watch->timer_.arm_after(kSettleTime);
        return watch;
    }

    OpenersWatch(UniqueFd inotify, const std::string& sysfs, std::string max_openers,
                 Callbacks callbacks)
        : inotify_(std::move(inotify)),
          attribute_(sysfs + "/max_openers"),
          max_openers_(std::move(max_openers)),
          callbacks_(std::move(callbacks)) {}

private:
    static constexpr std::chrono::milliseconds kSettleTime{100};

    void take_events() {
        take_inotify_events(inotify_.get(), [this](std::uint32_t mask) { count(mask); });
        if (!timer_.armed()) {
            timer_.arm_after(kSettleTime);
        }
    }

    void count(std::uint32_t mask) {
        if ((mask & IN_Q_OVERFLOW) != 0) {
            uncounted_ = true;
        } else if ((mask & IN_OPEN) != 0) {
            ++openers_;
        } else if ((mask & IN_CLOSE) != 0 && openers_ > 0) {
            --openers_;
        }
    }

    void look() {
        unsigned viewers = 0;
        if ((openers_ > 0 || uncounted_) && others_have_it_open()) {
            viewers = std::max(openers_, 1U);
        } else {
            openers_ = 0;
            uncounted_ = false;
        }
        if (viewers != viewers_) {
            viewers_ = viewers;
            callbacks_.on_change(viewers_);
        }
    }

    /// Asks by setting the limit to one opener, us. When the module agrees, the limit stands until
    /// it is set back in the next line, and an application that opens the node just then gets
    /// EBUSY: so this is asked only when somebody is believed to be there, and it refuses.
    bool others_have_it_open() {
        const auto refused = write_text_file(attribute_, "1");
        if (refused) {
            static_cast<void>(write_text_file(attribute_, max_openers_));
            return false;
        }
        if (refused.error().code != std::errc::invalid_argument) {
            log::debug("viewers are counted by inotify alone: {}", refused.error().message());
            return openers_ > 0;
        }
        return true;
    }

    UniqueFd inotify_;
    std::string attribute_;
    std::string max_openers_;  // the module's own limit
    Callbacks callbacks_;
    unsigned openers_ = 0;
    bool uncounted_ = true;  // there may be openers that were not counted
    unsigned viewers_ = 0;
    Timer timer_;
    Watch watch_;
};

}  // namespace

Result<std::unique_ptr<ViewerWatch>> ViewerWatch::create(EventLoop& loop, const V4l2Device& device,
                                                         const CameraNode& node,
                                                         Callbacks callbacks) {
    return node.kind() == LoopbackKind::Dynamic
               ? EventWatch::create(loop, device, node, std::move(callbacks))
               : OpenersWatch::create(loop, node, std::move(callbacks));
}

}  // namespace minikvm
