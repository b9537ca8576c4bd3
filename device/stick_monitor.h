// SPDX-License-Identifier: MIT
// StickMonitor: one stick's nodes, and the devices plugged into it, as udev announces them.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/udev_monitor.h"
#include "device/stick_nodes.h"

namespace minikvm {

/// Shape:   create() has looked already: nodes() is right at once, and on_change follows for each
///          later change, one at a time, so that a device that leaves and comes back is seen twice.
///          A stick need not be plugged; ID alone is what is waited for.
///          A node counts once udev is done with it and its rules have set MINIKVM_ID to this ID:
///          before that it is not ours to open, nor permitted (decision 2 of docs/architecture.md).
/// Errors:  create: what libudev gives. Lost events (ENOBUFS) end in a fresh look, not in an error.
/// Limits:  on_change may not destroy the monitor.
/// Thread:  the thread that made it.
class StickMonitor final {
public:
    using ChangeCallback = std::function<void(const StickNodes& nodes)>;

    /// `loop` must outlive the monitor.
    static Result<std::unique_ptr<StickMonitor>> create(EventLoop& loop, std::string id,
                                                        ChangeCallback on_change);

    StickMonitor(const StickMonitor&) = delete;
    StickMonitor& operator=(const StickMonitor&) = delete;
    ~StickMonitor() = default;

    const StickNodes& nodes() const { return nodes_; }

private:
    StickMonitor(std::string id, ChangeCallback on_change)
        : id_(std::move(id)), on_change_(std::move(on_change)) {}
    Result<void> look();
    void take(udev_device* device);
    StickNodes assemble() const;
    void publish();

    std::string id_;
    ChangeCallback on_change_;
    StickNodes nodes_;
    std::map<std::string, StickNode> present_;  // by the device's directory in sysfs
    std::unique_ptr<UdevMonitor> udev_;
};

}  // namespace minikvm
