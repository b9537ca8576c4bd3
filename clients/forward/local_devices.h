// SPDX-License-Identifier: MIT
// LocalDevices: the keyboards and mice that are forwarded, as one.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "clients/forward/device_choice.h"
#include "clients/forward/held_keys.h"
#include "clients/forward/input_device_monitor.h"
#include "clients/forward/local_device.h"

namespace minikvm {

/// Shape:   listens to all that the rules choose, through plugging and unplugging. grab() takes all
///          of them; one that is plugged later is taken by grab_rest() once its keys are up.
/// Errors:  create: as InputDeviceMonitor. A device that cannot be opened is logged and left out.
/// Thread:  the thread that made it. The callbacks may not destroy it.
class LocalDevices final {
public:
    struct Callbacks {
        std::function<bool(DeviceId device, std::uint16_t code, bool down)> on_key;
        std::function<void(const LocalReport& report)> on_report;
        std::function<void(DeviceId device)> on_gone;
        /// Which there are, or which of them are taken, has changed.
        std::function<void()> on_change;
    };

    static Result<std::unique_ptr<LocalDevices>> create(EventLoop& loop, Callbacks callbacks);
    LocalDevices(const LocalDevices&) = delete;
    LocalDevices& operator=(const LocalDevices&) = delete;
    ~LocalDevices() = default;

    void set_rules(DeviceRules rules);

    /// Takes all that it can. False, with none taken, when a key turns out to be down.
    /// Errors:  EBUSY when none can be taken.
    Result<bool> grab();
    /// Takes those that were plugged since, and that `is_at_rest`. Whether there were any.
    bool grab_rest(const std::function<bool(DeviceId)>& is_at_rest);
    void give_back();

    /// The lights of those that are taken.
    void show(hid::LockLeds leds);

    bool any_grabbed() const;
    /// Nodes, with spaces between them.
    std::string nodes() const;
    std::string grabbed_nodes() const;

private:
    LocalDevices(EventLoop& loop, Callbacks callbacks)
        : loop_(loop), callbacks_(std::move(callbacks)) {}
    void update();
    void add(const InputDevice& described);
    void remove(DeviceId id);

    EventLoop& loop_;
    Callbacks callbacks_;
    DeviceRules rules_;
    std::uint32_t last_id_ = 0;
    std::unique_ptr<InputDeviceMonitor> monitor_;
    std::map<DeviceId, std::unique_ptr<LocalDevice>> devices_;
    std::map<std::string, std::string> refused_;  // node -> why, as it was logged
};

}  // namespace minikvm
