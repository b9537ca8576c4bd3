// SPDX-License-Identifier: MIT
// StickLink: the way to one stick's target, for all kinds of local devices.

#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "clients/input/input_channel.h"
#include "common/event_loop.h"
#include "common/result.h"
#include "protocol/input_packet.h"

namespace minikvm {

/// Shape:   as an InputChannel, and made of two: to the target the relative and the absolute
/// pointer
///          are two devices, and a connection is for one of them. Keys go with the relative one.
/// Errors:  as InputChannel. on_lost is called once, for whichever is lost first.
/// Thread:  the thread that made it. The callbacks may destroy it.
class StickLink final {
public:
    using Callbacks = InputChannel::Callbacks;

    /// `loop` must outlive it.
    static Result<std::unique_ptr<StickLink>> open(EventLoop& loop, const std::string& path,
                                                   Callbacks callbacks);
    StickLink(const StickLink&) = delete;
    StickLink& operator=(const StickLink&) = delete;
    ~StickLink() = default;

    bool ready() const;
    /// Of the target.
    const InputState& state() const { return channel(InputPointer::Relative).state(); }

    /// What happened at once on a device that points like that. Only when ready. It may lose the
    /// link.
    void push(InputPointer pointer, std::span<const InputEvent> events);

    /// As InputChannel::finish().
    void finish(std::function<void()> on_done);

private:
    explicit StickLink(Callbacks callbacks) : callbacks_(std::move(callbacks)) {}
    InputChannel& channel(InputPointer pointer) const {
        return *channels_[static_cast<std::size_t>(pointer)];
    }
    void lose(const Error& error);

    Callbacks callbacks_;
    std::function<void()> on_done_;
    bool lost_ = false;
    std::array<std::unique_ptr<InputChannel>, 2> channels_;  // by InputPointer
};

}  // namespace minikvm
