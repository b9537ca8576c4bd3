// SPDX-License-Identifier: MIT
// VhciController: one virtual USB host controller of the kernel, through sysfs.

#pragma once

#include <string>
#include <vector>

#include "common/result.h"
#include "sim/usb_descriptors.h"

namespace minikvm::sim {

enum class VhciPortState { Free, Used };

/// Shape:   a view of /sys/devices/platform/vhci_hcd.K; holds nothing open.
/// Units:   ports count from 1, as the kernel names devices: port 3 of bus 5 is 5-3.
/// Errors:  ENOENT: vhci_hcd is not loaded, or has fewer controllers; EACCES: not root.
/// Thread:  any thread.
/// Source:  drivers/usb/usbip/vhci_sysfs.c of Linux.
class VhciController final {
public:
    static Result<VhciController> open(unsigned number);

    /// The kernel name of its high-speed root hub, e.g. "usb3": the stick's ID.
    const std::string& bus() const { return bus_; }
    unsigned port_count() const { return static_cast<unsigned>(ports_.size()); }

    /// A port is Used until the kernel's hub has noticed that its device is gone. vhci_hcd leaves a
    /// port enabled when its device leaves: one that is plugged in before the hub looks again is
    /// taken for the old one, and never enumerated (seen on 6.12).
    Result<VhciPortState> state(unsigned port) const;

    /// Gives the kernel its own reference to `socket`. The port must be Free: the kernel logs an
    /// error otherwise.
    Result<void> attach(unsigned port, int socket, UsbSpeed speed) const;

private:
    VhciController(std::string status_path, std::string bus, std::vector<unsigned> ports)
        : status_path_(std::move(status_path)), bus_(std::move(bus)), ports_(std::move(ports)) {}

    bool has_device(unsigned port) const;

    std::string status_path_;
    std::string bus_;
    std::vector<unsigned> ports_;  // the numbers that vhci_hcd gives its high-speed ports
};

struct VhciPort {
    unsigned number = 0;
    VhciPortState state = VhciPortState::Used;
};

/// The high-speed ports of a status file, in order.
std::vector<VhciPort> parse_vhci_status(const std::string& text);

}  // namespace minikvm::sim
