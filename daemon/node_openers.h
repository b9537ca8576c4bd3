// SPDX-License-Identifier: MIT
// NodeOpeners: how many programs have a device node open.

#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm {

/// Shape:   count() is the opens less the closes since watch(), over all nodes. `on_change` follows
///          each change.
/// Errors:  create: what inotify gives. A node that cannot be watched counts as open to nobody.
/// Limits:  inotify makes one of two equal events in a row that nobody has read yet: two opens of a
///          node within a wake-up of the loop count once, and so do two closes.
///          Who had a node open before watch() is not counted: our own bridge, which is the reason
///          to begin there, and somebody who was quicker than udev. After an overflow of inotify's
///          queue the count starts anew.
/// Thread:  the thread that made it.
/// Source:  inotify(7). Other processes' open files are not ours to read in /proc.
class NodeOpeners final {
public:
    /// `loop` must outlive this.
    static Result<std::unique_ptr<NodeOpeners>> create(EventLoop& loop,
                                                       std::function<void()> on_change);

    /// From now on these nodes; those that were watched already keep their count.
    void watch(const std::vector<std::string>& nodes);

    std::size_t count() const;

private:
    struct Node {
        int descriptor = -1;  // inotify's name for the watch
        std::size_t openers = 0;
    };

    explicit NodeOpeners(std::function<void()> on_change) : on_change_(std::move(on_change)) {}
    void read_events();
    void take(int descriptor, std::uint32_t mask);

    std::function<void()> on_change_;
    std::map<std::string, Node> nodes_;
    UniqueFd inotify_;
    Watch inotify_watch_;
};

}  // namespace minikvm
