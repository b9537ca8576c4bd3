// SPDX-License-Identifier: MIT
// InputChannel: a connection to one stick's input socket on an event loop, which waits for nothing.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "clients/input/report_queue.h"
#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "protocol/input_packet.h"

namespace minikvm {

/// Shape:   open() says hello; on_state is called with the first state, which makes it ready, and
///          with each one after. push() at any time from then on. What is held at the target is
///          released when it is destroyed, which drops what is not sent; finish() sends it first.
///
///              greeting --welcome--> welcomed --state--> ready --finish()--> finishing --> done
///                  \-------------------\----------------------\---- lost: on_lost, once
///
/// Errors:  open: what connect(2) gives. on_lost: ECONNRESET when the daemon has gone, ETIMEDOUT
///          when it said nothing for kLongestSilence, ENOBUFS when it takes nothing in, a
///          ControlError with its reason for a goodbye, ProtocolError::BadReply.
/// Limits:  kMostReports wait to be sent.
/// Thread:  the thread that made it. The callbacks may destroy it.
/// Source:  docs/input-socket.md.
class InputChannel final {
public:
    /// Of a daemon that beats once a second.
    static constexpr std::chrono::seconds kLongestSilence{3};
    /// How long finish() waits for the last acknowledgement.
    static constexpr std::chrono::seconds kLongestFinish{1};
    static constexpr std::size_t kMostReports = 1024;

    struct Callbacks {
        std::function<void()> on_state;
        std::function<void(const Error&)> on_lost;
    };

    /// `loop` must outlive it.
    static Result<std::unique_ptr<InputChannel>> open(EventLoop& loop, const std::string& path,
                                                      InputPointer pointer, Callbacks callbacks);
    InputChannel(const InputChannel&) = delete;
    InputChannel& operator=(const InputChannel&) = delete;
    ~InputChannel() = default;

    bool ready() const { return stage_ == Stage::Ready; }
    /// What was said last.
    const InputState& state() const { return state_; }

    /// One report, as ReportQueue::push(). Only when ready.
    void push(std::span<const InputEvent> events);

    /// `on_done` is called when all is acknowledged, or cannot be any more; then it is to be
    /// destroyed. Nothing else is called from now on.
    void finish(std::function<void()> on_done);

private:
    enum class Stage { Greeting, Welcomed, Ready, Finishing, Lost };

    InputChannel(EventLoop& loop, Callbacks callbacks)
        : loop_(loop), callbacks_(std::move(callbacks)) {}

    Result<void> start(const std::string& path, InputPointer pointer);
    void serve(std::uint32_t events);
    Result<bool> receive_one();
    Result<void> take(const InputAnswer& answer);
    Result<void> send_waiting();
    void settle();
    void lose(const Error& error);
    std::uint32_t unacknowledged() const { return sent_ - state_.acknowledged; }

    EventLoop& loop_;
    Callbacks callbacks_;
    std::function<void()> on_done_;
    Stage stage_ = Stage::Greeting;
    InputState state_;
    std::uint32_t sent_ = 0;
    std::uint32_t window_ = 1;
    ReportQueue queue_;
    UniqueFd socket_;
    Watch watch_;  // after the descriptor that it watches
    Timer silence_;
};

}  // namespace minikvm
