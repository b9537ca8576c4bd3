// SPDX-License-Identifier: MIT
// ReportQueue: what is still to be sent to a stick that is busy.

#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <vector>

#include "protocol/input_packet.h"

namespace minikvm {

/// Shape:   push() what happened at once, send front() and pop() it. Keys, buttons and wheels stay
///          in order and whole; motion that follows unsent motion is added to it.
/// Limits:  none of its own: whoever pushes looks at size().
/// Thread:  the thread that made it.
class ReportQueue final {
public:
    /// Without the SYN_REPORT. Nothing happens for none; what is more than a packet holds becomes
    /// several.
    void push(std::span<const InputEvent> events);

    bool empty() const { return reports_.empty(); }
    std::size_t size() const { return reports_.size(); }
    std::span<const InputEvent> front() const { return reports_.front(); }
    void pop() { reports_.pop_front(); }
    void clear() { reports_.clear(); }

private:
    std::deque<std::vector<InputEvent>> reports_;
};

}  // namespace minikvm
