// SPDX-License-Identifier: MIT
// TtyGuard over inotify.

#include "device/tty_guard.h"

#include <sys/epoll.h>
#include <sys/inotify.h>

#include <array>
#include <utility>

namespace minikvm {

Result<std::unique_ptr<TtyGuard>> TtyGuard::create(EventLoop& loop, SerialPort& port,
                                                   std::function<void()> on_intruder) {
    std::unique_ptr<TtyGuard> guard(new TtyGuard(port, std::move(on_intruder)));
    guard->inotify_.reset(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!guard->inotify_ ||
        ::inotify_add_watch(guard->inotify_.get(), port.node().c_str(), IN_OPEN) < 0) {
        return errno_error("watch " + port.node());
    }
    guard->watch_ = MINIKVM_TRY(loop.watch(guard->inotify_.get(), EPOLLIN,
                                           [raw = guard.get()](auto) { raw->read_events(); }));
    // Whoever opened it between our open and the watch is made good here.
    MINIKVM_TRY(port.restore_lines());
    return guard;
}

void TtyGuard::read_events() {
    // Equal events in a row arrive as one: what counts is that someone opened it, not how often.
    alignas(inotify_event) std::array<char, 1024> buffer{};
    while (::read(inotify_.get(), buffer.data(), buffer.size()) > 0) {
    }
    ++intrusions_;
    // A failure means that the stick is gone; the port's reader says so.
    static_cast<void>(port_.restore_lines());
    if (on_intruder_) {
        on_intruder_();
    }
}

}  // namespace minikvm
