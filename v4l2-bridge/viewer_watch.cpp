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
#include <optional>
#include <string>
#include <utility>

#include "common/file.h"
#include "common/log.h"

namespace minikvm {
namespace {

// V4L2_EVENT_PRI_CLIENT_USAGE of v4l2loopback.c.
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

/// Asks 0.12.7 whether anybody but us has a node open, by setting the limit to one opener. When the
/// module agrees, the limit stands until it is set back in the next line, and an application that
/// opens the node just then gets EBUSY: so this is asked only when somebody is believed to be
/// there, and it refuses. Errors: the limit cannot be set.
class OpenersLimit final {
public:
    static Result<OpenersLimit> of(const CameraNode& node) {
        const std::string attribute = node.sysfs() + "/max_openers";
        std::string limit = MINIKVM_TRY(read_text_file(attribute));
        // A process that was killed between the two lines has left ours.
        return OpenersLimit(attribute, limit == kOne ? kStandard : std::move(limit));
    }

    Result<bool> others_have_it_open() const {
        const auto refused = write_text_file(attribute_, kOne);
        if (refused) {
            static_cast<void>(write_text_file(attribute_, limit_));
            return false;
        }
        if (refused.error().code != std::errc::invalid_argument) {
            return tl::unexpected(refused.error());
        }
        return true;
    }

private:
    static constexpr const char* kOne = "1";
    static constexpr const char* kStandard = "10";  // v4l2loopback.c of 0.12.7, max_openers

    OpenersLimit(std::string attribute, std::string limit)
        : attribute_(std::move(attribute)), limit_(std::move(limit)) {}

    std::string attribute_;
    std::string limit_;  // the module's own
};

/// The event's payload is the number of streaming readers; nothing when none waits.
std::optional<unsigned> take_client_usage(const V4l2Device& device) {
    std::optional<unsigned> viewers;
    while (const auto event = device.dequeue_event()) {
        if (event->type == kClientUsage) {
            viewers.emplace();
            std::memcpy(&*viewers, event->u.data, sizeof *viewers);
        }
    }
    return viewers;
}

/// So that the module says at once how many there are: an earlier process may have subscribed.
Result<void> subscribe_anew(const V4l2Device& device) {
    MINIKVM_TRY(device.unsubscribe(kClientUsage));
    return device.subscribe(kClientUsage, V4L2_EVENT_SUB_FL_SEND_INITIAL);
}

class EventWatch final : public ViewerWatch {
public:
    static Result<std::unique_ptr<ViewerWatch>> create(EventLoop& loop, const V4l2Device& device,
                                                       const CameraNode& node, unsigned viewers,
                                                       Callbacks callbacks) {
        MINIKVM_TRY(subscribe_anew(device));
        auto watch = std::make_unique<EventWatch>(device, MINIKVM_TRY(watch_node(node, IN_OPEN)),
                                                  viewers, std::move(callbacks));
        watch->watch_ = MINIKVM_TRY(
            loop.watch(device.fd(), EPOLLPRI, [self = watch.get()](auto) { self->take_events(); }));
        watch->open_watch_ = MINIKVM_TRY(loop.watch(
            watch->inotify_.get(), EPOLLIN, [self = watch.get()](auto) { self->take_opens(); }));
        return watch;
    }

    EventWatch(const V4l2Device& device, UniqueFd inotify, unsigned viewers, Callbacks callbacks)
        : device_(device),
          inotify_(std::move(inotify)),
          callbacks_(std::move(callbacks)),
          viewers_(viewers) {}

private:
    void take_events() {
        const unsigned viewers = take_client_usage(device_).value_or(viewers_);
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
    unsigned viewers_;
    Watch watch_;
    Watch open_watch_;
};

class OpenersWatch final : public ViewerWatch {
public:
    static Result<std::unique_ptr<ViewerWatch>> create(EventLoop& loop, const CameraNode& node,
                                                       unsigned viewers, Callbacks callbacks) {
        UniqueFd inotify = MINIKVM_TRY(watch_node(node, IN_OPEN | IN_CLOSE));
        auto limit = MINIKVM_TRY(OpenersLimit::of(node));
        auto watch = std::make_unique<OpenersWatch>(std::move(inotify), std::move(limit), viewers,
                                                    std::move(callbacks));
        watch->timer_ = MINIKVM_TRY(loop.timer([self = watch.get()](auto) { self->look(); }));
        watch->watch_ = MINIKVM_TRY(loop.watch(
            watch->inotify_.get(), EPOLLIN, [self = watch.get()](auto) { self->take_events(); }));
        // Whoever opened it before the watch is found by asking the module.
        watch->timer_.arm_after(kSettleTime);
        return watch;
    }

    OpenersWatch(UniqueFd inotify, OpenersLimit limit, unsigned viewers, Callbacks callbacks)
        : inotify_(std::move(inotify)),
          limit_(std::move(limit)),
          callbacks_(std::move(callbacks)),
          viewers_(viewers) {}

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

    bool others_have_it_open() const {
        const auto others = limit_.others_have_it_open();
        if (!others) {
            log::debug("viewers are counted by inotify alone: {}", others.error().message());
        }
        return others.value_or(openers_ > 0);
    }

    UniqueFd inotify_;
    OpenersLimit limit_;
    Callbacks callbacks_;
    unsigned openers_ = 0;
    bool uncounted_ = true;  // there may be openers that were not counted
    unsigned viewers_;
    Timer timer_;
    Watch watch_;
};

}  // namespace

Result<std::unique_ptr<ViewerWatch>> ViewerWatch::create(EventLoop& loop, const V4l2Device& device,
                                                         const CameraNode& node, unsigned viewers,
                                                         Callbacks callbacks) {
    return node.kind() == LoopbackKind::Dynamic
               ? EventWatch::create(loop, device, node, viewers, std::move(callbacks))
               : OpenersWatch::create(loop, node, viewers, std::move(callbacks));
}

unsigned viewers_now(const V4l2Device& device, const CameraNode& node) {
    if (node.kind() == LoopbackKind::Dynamic) {
        return subscribe_anew(device) ? take_client_usage(device).value_or(0) : 0;
    }
    const auto limit = OpenersLimit::of(node);
    return limit && limit->others_have_it_open().value_or(false) ? 1 : 0;
}

}  // namespace minikvm
