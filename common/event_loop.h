// SPDX-License-Identifier: MIT
// EventLoop: descriptors, timers, signals and posted calls on one thread, over sd-event.

#pragma once

#include <systemd/sd-event.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

namespace detail {

struct SourceDeleter {
    void operator()(sd_event_source* source) const { sd_event_source_disable_unref(source); }
};
using SourcePtr = std::unique_ptr<sd_event_source, SourceDeleter>;

}  // namespace detail

/// A registered descriptor or signal. Destroying it unregisters, also from inside its own callback.
/// A Watch on a descriptor is destroyed before the descriptor is closed: declare it after.
class [[nodiscard]] Watch final {
public:
    Watch() = default;

    /// Changes the epoll events waited for; 0 pauses the watch.
    void set_events(std::uint32_t events);

private:
    friend class EventLoop;
    explicit Watch(detail::SourcePtr source) : source_(std::move(source)) {}

    detail::SourcePtr source_;
};

/// A timer that fires once each time it is armed. Destroying it unregisters, as a Watch does.
class [[nodiscard]] Timer final {
public:
    Timer() = default;

    void arm_at(TimePoint deadline);
    void arm_after(std::chrono::microseconds delay) { arm_at(Clock::now() + delay); }
    void disarm();
    bool armed() const;

private:
    friend class EventLoop;
    explicit Timer(detail::SourcePtr source) : source_(std::move(source)) {}

    detail::SourcePtr source_;
};

/// Shape:   one loop a thread. Register, then run(); callbacks arrive on the thread that runs.
///          A callback may destroy its own Watch or Timer, or any other.
/// Units:   deadlines are steady_clock; timers fire within a millisecond of them.
/// Errors:  registering fails only when the kernel's limits are reached.
/// Limits:  callbacks take a millisecond at most and never run the loop again.
/// Thread:  the thread that made it, except post() and stop(): any thread.
class EventLoop final {
public:
    using IoCallback = std::function<void(std::uint32_t events)>;
    using TimerCallback = std::function<void(TimePoint now)>;
    using Callback = std::function<void()>;

    static Result<std::unique_ptr<EventLoop>> create();

    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;
    ~EventLoop();

    /// Calls back while any of the epoll `events` is pending on `fd` (level-triggered).
    Result<Watch> watch(int fd, std::uint32_t events, IoCallback callback);

    /// A timer, not yet armed.
    Result<Timer> timer(TimerCallback callback);

    /// Blocks the signal for the calling thread, and calls back when it arrives.
    /// To be called before other threads start, so that they inherit the block.
    Result<Watch> on_signal(int signal_number, Callback callback);

    /// Runs `call` on the loop's thread, after what is being dispatched. Any thread.
    void post(Callback call);

    /// Dispatches until stop(). Errors: what a broken epoll descriptor gives, never otherwise.
    Result<void> run();

    /// Makes run() return. Any thread.
    void stop();

    /// When the present wake-up began; read once a wake-up.
    TimePoint now() const;

    /// For other parts of libsystemd that work on the same loop.
    sd_event* native() { return event_.get(); }

    /// Sends WATCHDOG=1 in time when the service manager asked for it.
    Result<void> feed_service_watchdog();

private:
    struct EventDeleter {
        void operator()(sd_event* event) const { sd_event_unref(event); }
    };

    explicit EventLoop(sd_event* event) : event_(event) {}
    Result<void> open_wakeup();
    void run_posted();

    std::unique_ptr<sd_event, EventDeleter> event_;
    UniqueFd wakeup_;  // eventfd: something was posted
    Watch wakeup_watch_;
    std::mutex posted_mutex_;
    std::vector<Callback> posted_;  // guarded by posted_mutex_
};

}  // namespace minikvm
