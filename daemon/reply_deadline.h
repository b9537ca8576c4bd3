// SPDX-License-Identifier: MIT
// ReplyDeadline: answers to the client in time, also where a chip never does.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "control/attribute_tree.h"

namespace minikvm {

/// Shape:   bound() wraps a reply; the result reaches it once: what the chip's side says, or an
///          error when the time is over. What comes later than that is dropped. Destruction
///          answers all that is open with an error.
/// Errors:  the replies get ControlError::Busy when the time is over, since the chip may still do
///          it; ControlError::NoDevice when the stick went away.
/// Thread:  the thread that made it.
class ReplyDeadline final {
public:
    /// A client has waited for a register and a power pulse; longer than this, and a person thinks
    /// the command hangs.
    static constexpr std::chrono::seconds kLongest{1};

    /// `loop` must outlive this, and this must outlive the calls of what bound() returns.
    explicit ReplyDeadline(EventLoop& loop) : loop_(loop) {}
    ReplyDeadline(const ReplyDeadline&) = delete;
    ReplyDeadline& operator=(const ReplyDeadline&) = delete;
    ~ReplyDeadline();

    AttributeTree::Reply bound(std::string name, AttributeTree::Reply reply);

private:
    struct Pending {
        std::string name;
        AttributeTree::Reply reply;
        Timer timer;
    };

    void answer(std::uint64_t id, Result<std::string> result);

    EventLoop& loop_;
    std::uint64_t next_id_ = 0;
    std::map<std::uint64_t, Pending> pending_;
};

}  // namespace minikvm
