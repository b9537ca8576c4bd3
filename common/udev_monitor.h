// SPDX-License-Identifier: MIT
// UdevMonitor: devices as they come and go, once udev's rules have run for them.

#pragma once

#include <functional>
#include <memory>
#include <span>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/udev.h"

namespace minikvm {

struct SubsystemMatch {
    const char* subsystem;
    const char* devtype;  // null: any
};

/// Shape:   listens from create() on; what is there already is the caller's to look at afterwards,
///          so that nothing can come between.
/// Errors:  create: what libudev gives.
/// Limits:  callbacks may not destroy the monitor.
/// Thread:  the thread that made it.
class UdevMonitor final {
public:
    struct Callbacks {
        std::function<void(udev_device* device)> on_device;
        /// More came than the socket holds, and some are lost: what is there is to be looked at
        /// anew.
        std::function<void()> on_lost;
        /// Nothing more is waiting, after any of the others. May be empty.
        std::function<void()> on_drained = {};
    };

    /// `loop` must outlive it.
    static Result<std::unique_ptr<UdevMonitor>> create(EventLoop& loop,
                                                       std::span<const SubsystemMatch> wanted,
                                                       Callbacks callbacks);
    UdevMonitor(const UdevMonitor&) = delete;
    UdevMonitor& operator=(const UdevMonitor&) = delete;
    ~UdevMonitor() = default;

    /// For asking udev in other ways.
    udev* context() const { return udev_.get(); }

private:
    explicit UdevMonitor(Callbacks callbacks) : callbacks_(std::move(callbacks)) {}
    Result<void> listen(EventLoop& loop, std::span<const SubsystemMatch> wanted);
    void receive();

    Callbacks callbacks_;
    UdevPtr udev_;
    UdevMonitorPtr monitor_;
    Watch watch_;  // on the monitor's descriptor: after it
};

}  // namespace minikvm
