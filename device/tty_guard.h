// SPDX-License-Identifier: MIT
// TtyGuard: clears the control lines again when anyone else opens the stick's tty.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "device/serial_port.h"

namespace minikvm {

/// Shape:   lives as long as the port is open. `on_intruder` is called after the lines are back,
///          once each time that the node was opened; it may be empty.
/// Errors:  create: what inotify gives.
/// Limits:  the lines were up from the intruder's open until here, a few milliseconds.
/// Thread:  the thread that made it.
/// Source:  decision 1 of docs/architecture.md.
class TtyGuard final {
public:
    /// `loop` and `port` must outlive the guard.
    static Result<std::unique_ptr<TtyGuard>> create(EventLoop& loop, SerialPort& port,
                                                    std::function<void()> on_intruder);

    TtyGuard(const TtyGuard&) = delete;
    TtyGuard& operator=(const TtyGuard&) = delete;
    ~TtyGuard() = default;

    std::uint64_t intrusions() const { return intrusions_; }

private:
    TtyGuard(SerialPort& port, std::function<void()> on_intruder)
        : port_(port), on_intruder_(std::move(on_intruder)) {}
    void read_events();

    SerialPort& port_;
    std::function<void()> on_intruder_;
    UniqueFd inotify_;
    Watch watch_;
    std::uint64_t intrusions_ = 0;
};

}  // namespace minikvm
