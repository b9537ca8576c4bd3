// SPDX-License-Identifier: MIT
// InputDeviceMonitor: this machine's input devices as they come and go.

#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "clients/forward/device_choice.h"
#include "common/event_loop.h"
#include "common/result.h"
#include "common/udev_monitor.h"

namespace minikvm {

/// Shape:   devices() is what udev says now; `on_change` is called when that may have changed.
///          Only devices with an event node that udev is done with.
/// Errors:  create: udev cannot be listened to. devices(): udev cannot be asked.
/// Thread:  the thread that made it.
class InputDeviceMonitor final {
public:
    static Result<std::unique_ptr<InputDeviceMonitor>> create(EventLoop& loop,
                                                              std::function<void()> on_change);
    InputDeviceMonitor(const InputDeviceMonitor&) = delete;
    InputDeviceMonitor& operator=(const InputDeviceMonitor&) = delete;
    ~InputDeviceMonitor() = default;

    Result<std::vector<InputDevice>> devices() const;

private:
    explicit InputDeviceMonitor(std::function<void()> on_change)
        : on_change_(std::move(on_change)) {}
    Result<void> listen(EventLoop& loop);

    std::function<void()> on_change_;
    bool changed_ = false;  // since on_change_ was called
    std::unique_ptr<UdevMonitor> udev_;
};

}  // namespace minikvm
