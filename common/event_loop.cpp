// SPDX-License-Identifier: MIT
// EventLoop over sd-event.

#include "common/event_loop.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>

#include <cassert>

namespace minikvm {
namespace {

std::uint64_t to_usec(TimePoint time) {
    const auto usec =
        std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
    return usec < 0 ? 0 : static_cast<std::uint64_t>(usec);
}

TimePoint from_usec(std::uint64_t usec) {
    return TimePoint(std::chrono::microseconds(usec));
}

// sd-event keeps a source, and so its callback, alive until its dispatch is over: the callback
// object belongs to the source, which makes destroying a Watch from inside its callback safe.
template <typename Callable>
void destroy_callable(void* userdata) {
    // NOLINTNEXTLINE(cppcoreguidelines-owning-memory)
    delete static_cast<Callable*>(userdata);
}

template <typename Callable>
void give_to_source(sd_event_source* source, std::unique_ptr<Callable> callable) {
    sd_event_source_set_destroy_callback(source, destroy_callable<Callable>);
    static_cast<void>(callable.release());
}

int dispatch_io(sd_event_source* /*source*/, int /*fd*/, std::uint32_t events, void* userdata) {
    (*static_cast<EventLoop::IoCallback*>(userdata))(events);
    return 0;
}

int dispatch_signal(sd_event_source* /*source*/, const signalfd_siginfo* /*info*/, void* userdata) {
    (*static_cast<EventLoop::Callback*>(userdata))();
    return 0;
}

int dispatch_timer(sd_event_source* source, std::uint64_t /*deadline_usec*/, void* userdata) {
    std::uint64_t now_usec = 0;
    sd_event_now(sd_event_source_get_event(source), CLOCK_MONOTONIC, &now_usec);
    (*static_cast<EventLoop::TimerCallback*>(userdata))(from_usec(now_usec));
    return 0;
}

}  // namespace

void Watch::set_events(std::uint32_t events) {
    assert(source_);
    sd_event_source_set_io_events(source_.get(), events);
}

void Timer::arm_at(TimePoint deadline) {
    assert(source_);
    sd_event_source_set_time(source_.get(), to_usec(deadline));
    sd_event_source_set_enabled(source_.get(), SD_EVENT_ONESHOT);
}

void Timer::disarm() {
    if (source_) {
        sd_event_source_set_enabled(source_.get(), SD_EVENT_OFF);
    }
}

bool Timer::armed() const {
    return source_ && sd_event_source_get_enabled(source_.get(), nullptr) > 0;
}

Result<std::unique_ptr<EventLoop>> EventLoop::create() {
    sd_event* event = nullptr;
    const int result = sd_event_new(&event);
    if (result < 0) {
        return errno_error(result, "make an event loop");
    }
    std::unique_ptr<EventLoop> loop(new EventLoop(event));
    MINIKVM_TRY(loop->open_wakeup());
    return loop;
}

EventLoop::~EventLoop() = default;

Result<void> EventLoop::open_wakeup() {
    wakeup_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wakeup_) {
        return errno_error("make an eventfd");
    }
    wakeup_watch_ = MINIKVM_TRY(watch(wakeup_.get(), EPOLLIN, [this](auto) { run_posted(); }));
    return {};
}

Result<Watch> EventLoop::watch(int fd, std::uint32_t events, IoCallback callback) {
    auto callable = std::make_unique<IoCallback>(std::move(callback));
    sd_event_source* source = nullptr;
    const int result =
        sd_event_add_io(event_.get(), &source, fd, events, dispatch_io, callable.get());
    if (result < 0) {
        return errno_error(result, "watch a descriptor");
    }
    give_to_source(source, std::move(callable));
    return Watch(detail::SourcePtr(source));
}

Result<Timer> EventLoop::timer(TimerCallback callback) {
    constexpr std::uint64_t kAccuracyUsec = 1;  // sd-event's own default would be 250 ms
    auto callable = std::make_unique<TimerCallback>(std::move(callback));
    sd_event_source* source = nullptr;
    const int result = sd_event_add_time(event_.get(), &source, CLOCK_MONOTONIC, 0, kAccuracyUsec,
                                         dispatch_timer, callable.get());
    if (result < 0) {
        return errno_error(result, "make a timer");
    }
    give_to_source(source, std::move(callable));
    sd_event_source_set_enabled(source, SD_EVENT_OFF);
    return Timer(detail::SourcePtr(source));
}

Result<Watch> EventLoop::on_signal(int signal_number, Callback callback) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    const int blocked = ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    if (blocked != 0) {
        return errno_error(-blocked, "block a signal");
    }
    auto callable = std::make_unique<Callback>(std::move(callback));
    sd_event_source* source = nullptr;
    const int result =
        sd_event_add_signal(event_.get(), &source, signal_number, dispatch_signal, callable.get());
    if (result < 0) {
        return errno_error(result, "watch a signal");
    }
    give_to_source(source, std::move(callable));
    return Watch(detail::SourcePtr(source));
}

void EventLoop::post(Callback call) {
    {
        const std::lock_guard lock(posted_mutex_);
        posted_.push_back(std::move(call));
    }
    // The counter cannot overflow: each wake-up reads it back to zero.
    eventfd_write(wakeup_.get(), 1);
}

void EventLoop::run_posted() {
    eventfd_t count = 0;
    eventfd_read(wakeup_.get(), &count);
    std::vector<Callback> calls;
    {
        const std::lock_guard lock(posted_mutex_);
        calls.swap(posted_);
    }
    for (const Callback& call : calls) {
        call();
    }
}

Result<void> EventLoop::run() {
    const int result = sd_event_loop(event_.get());
    if (result < 0) {
        return errno_error(result, "run the event loop");
    }
    return {};
}

void EventLoop::stop() {
    post([this] { sd_event_exit(event_.get(), 0); });
}

TimePoint EventLoop::now() const {
    std::uint64_t now_usec = 0;
    // Before the first wake-up sd_event_now() reads the clock itself.
    sd_event_now(event_.get(), CLOCK_MONOTONIC, &now_usec);
    return from_usec(now_usec);
}

Result<void> EventLoop::feed_service_watchdog() {
    const int result = sd_event_set_watchdog(event_.get(), 1);
    if (result < 0) {
        return errno_error(result, "feed the service watchdog");
    }
    return {};
}

}  // namespace minikvm
