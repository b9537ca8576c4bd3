// SPDX-License-Identifier: MIT
// SinkDevice: a virtual input device whose events nobody on this machine gets but us.

#pragma once

#include <libevdev/libevdev-uinput.h>
#include <libevdev/libevdev.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/udev_monitor.h"
#include "common/unique_fd.h"
#include "protocol/hid_keymap.h"
#include "protocol/hid_report.h"
#include "uinput-bridge/sink_layout.h"

namespace minikvm {

namespace detail {

struct UinputDeleter {
    void operator()(libevdev_uinput* device) const { libevdev_uinput_destroy(device); }
};
struct EvdevDeleter {
    void operator()(libevdev* device) const { libevdev_free(device); }
};

}  // namespace detail

/// None may destroy the device.
struct SinkCallbacks {
    /// What a program wrote, a whole packet at a time as far as it wrote whole packets.
    std::function<void(const input_event& event)> on_event;
    /// Something was handed over, and nothing more is waiting.
    std::function<void()> on_drained;
    /// Somebody who could write has closed the node, after everything that it wrote.
    std::function<void()> on_writer_closed;
    /// The node is grabbed, and others may open it.
    std::function<void()> on_ready;
};

/// Shape:   create() makes the device; the node is opened and grabbed as soon as we may, which for
///          an ordinary user is when udev has given it its group. Written events come from the
///          grabbed node: the kernel does not give them back through /dev/uinput.
/// Errors:  create: ENOENT or EACCES for /dev/uinput, ENODEV when the node did not appear.
/// Limits:  a burst of more than the kernel's buffer, 64 events, may lose some: dropped() counts.
/// Thread:  the thread that made it.
/// Source:  kernel drivers/input/input.c, input_get_disposition() and input_inject_event();
///          decision 4 of docs/architecture.md.
class SinkDevice final {
public:
    static Result<std::unique_ptr<SinkDevice>> create(EventLoop& loop, SinkRole role,
                                                      const std::string& id,
                                                      SinkCallbacks callbacks);
    SinkDevice(const SinkDevice&) = delete;
    SinkDevice& operator=(const SinkDevice&) = delete;
    ~SinkDevice() = default;

    const std::string& node() const { return node_; }
    bool ready() const { return ready_; }
    std::uint64_t dropped() const { return dropped_; }

    /// Releases keys on the node itself: the kernel ignores a press of what it holds pressed.
    void release(std::span<const hid::KeyCode> codes);

    void show(hid::LockLeds leds);

private:
    SinkDevice(EventLoop& loop, SinkCallbacks callbacks)
        : loop_(loop), callbacks_(std::move(callbacks)) {}

    Result<void> start_monitor();
    Result<void> make_device(SinkRole role, const std::string& id);
    Result<void> open_node();
    Result<void> watch_closes();
    bool udev_is_done() const;
    void on_udev(udev_device* device);
    void on_udev_done();
    void drain();
    void read_closes();
    void write(std::uint16_t type, std::uint16_t code, std::int32_t value);

    EventLoop& loop_;
    SinkCallbacks callbacks_;
    std::string node_;
    bool ready_ = false;
    std::uint64_t dropped_ = 0;

    std::unique_ptr<UdevMonitor> udev_;

    // The order matters: the uinput device goes first, then the grab. The other way round what is
    // written in between reaches the host.
    UniqueFd node_fd_;
    std::unique_ptr<libevdev, detail::EvdevDeleter> evdev_;
    UniqueFd uinput_fd_;
    std::unique_ptr<libevdev_uinput, detail::UinputDeleter> uinput_;

    UniqueFd inotify_;
    Watch node_watch_;
    Watch close_watch_;
};

}  // namespace minikvm
