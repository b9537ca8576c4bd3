// SPDX-License-Identifier: MIT
// LocalDevice: one keyboard or mouse of this machine, listened to and at times taken.

#pragma once

#include <libevdev/libevdev.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "protocol/hid_report.h"
#include "protocol/input_packet.h"

namespace minikvm {

/// What happened at once on a device.
struct LocalReport {
    InputPointer pointer = InputPointer::Relative;  // how the device points
    std::span<const InputEvent> events;             // places as docs/input-socket.md has them
    bool taken = false;                             // it came while we alone listened
};

/// Shape:   open() listens beside everybody else; grab() makes us the only listener until
///          give_back(), or until this process ends, however it does.
/// Errors:  open: what open(2) gives, and ENODEV for a device that has gone. grab: EBUSY while
///          another program has it.
/// Limits:  of motion that came faster than we read the kernel forgets some; keys are made up for.
/// Thread:  the thread that made it. The callbacks may not destroy it.
/// Source:  kernel drivers/input/evdev.c.
class LocalDevice final {
public:
    struct Callbacks {
        /// A key went down or up; autorepeat is left out. Returns whether the report has it.
        std::function<bool(std::uint16_t code, bool down)> on_key;
        /// The keys that on_key() said yes to, and motion.
        std::function<void(const LocalReport& report)> on_report;
        std::function<void()> on_gone;
    };

    static Result<std::unique_ptr<LocalDevice>> open(EventLoop& loop, const std::string& node,
                                                     Callbacks callbacks);
    LocalDevice(const LocalDevice&) = delete;
    LocalDevice& operator=(const LocalDevice&) = delete;
    ~LocalDevice() = default;

    const std::string& node() const { return node_; }
    bool grabbed() const { return grabbed_; }

    /// Tells on_key() of what is down already.
    void tell_held();
    /// Reports everything as released: of a device that has gone nothing else is heard.
    void let_go();

    Result<void> grab();
    /// Shows the lights again that it had when it was taken.
    void give_back();

    /// Whether the kernel says that a key is down, which we may not have read yet.
    bool any_key_down() const;

    /// On the device itself. Nothing happens where it has no such lights.
    void show(hid::LockLeds leds);

private:
    struct EvdevDeleter {
        void operator()(libevdev* device) const { libevdev_free(device); }
    };

    LocalDevice(std::string node, Callbacks callbacks)
        : node_(std::move(node)), callbacks_(std::move(callbacks)) {}
    Result<void> start(EventLoop& loop);
    void drain();
    void take(const input_event& event);
    void take_motion(const input_event& event);
    void end_report(bool taken);
    std::vector<std::uint16_t> held() const;
    bool points_absolutely() const;
    hid::LockLeds shown() const;

    std::string node_;
    Callbacks callbacks_;
    InputPointer pointer_ = InputPointer::Relative;
    bool grabbed_ = false;
    std::chrono::microseconds grabbed_since_{};  // on the clock of the events
    hid::LockLeds leds_before_;
    std::vector<InputEvent> report_;
    UniqueFd fd_;
    std::unique_ptr<libevdev, EvdevDeleter> evdev_;
    Watch watch_;  // after the descriptor that it watches
};

}  // namespace minikvm
