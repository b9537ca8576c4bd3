// SPDX-License-Identifier: MIT
// StickMonitor: one stick's nodes, and the devices plugged into it, as udev announces them.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/udev.h"

namespace minikvm {

/// What of a stick exists now. A text is empty while its device is absent.
struct StickNodes {
    std::string id;                // its hub's kernel name: "1-2", "usb3"
    std::string capture;           // "/dev/video0", never the metadata node
    std::string hidraw;            // "/dev/hidraw0"
    std::string tty;               // "/dev/ttyUSB0"
    std::string usb_a_device;      // hub port 3: "1d6b:0104 Product"
    std::string extension_device;  // hub port 4

    bool operator==(const StickNodes&) const = default;
};

/// The sticks that udev's rules have recognised, by ID. Errors: what libudev gives.
Result<std::vector<StickNodes>> list_sticks();

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
    StickMonitor(std::string id, ChangeCallback on_change);

    StickNodes nodes_;
    ChangeCallback on_change_;
    UdevPtr udev_;
    UdevMonitorPtr monitor_;
    Watch watch_;  // on the monitor's descriptor: after it
};

}  // namespace minikvm
