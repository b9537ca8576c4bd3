// SPDX-License-Identifier: MIT
// UsbPort: a port of the virtual hub, with a device that is plugged in and pulled.

#pragma once

#include <memory>

#include "common/event_loop.h"
#include "common/result.h"
#include "sim/usb_device.h"
#include "sim/usbip/link.h"
#include "sim/usbip/vhci.h"

namespace minikvm::sim {

enum class Plugged { No, Yes };

/// Shape:   select(Plugged) says what is wanted; the port gets there by itself, since the kernel
///          takes a while to free a port after a device left it.
/// Errors:  create() gives what the loop gives. A device that the kernel refuses, or lets go of,
///          is logged and stays out until it is wanted in again.
/// Thread:  the thread that made it.
class UsbPort final {
public:
    /// `controller` and `device` must outlive the port.
    static Result<std::unique_ptr<UsbPort>> create(EventLoop& loop,
                                                   const VhciController& controller,
                                                   unsigned number, UsbDevice& device);
    UsbPort(const UsbPort&) = delete;
    UsbPort& operator=(const UsbPort&) = delete;
    ~UsbPort() = default;

    void select(Plugged wanted);
    Plugged wanted() const { return wanted_; }
    bool attached() const { return link_ != nullptr; }

private:
    //             select(Yes), port free                    select(No)
    //   Empty -----------------------------> Attached ------------------> Leaving
    //     |  ^                                  |                           |
    //     |  +------- the kernel lets go -------+         link closed       |
    //     |  +--------------------------------------------------------------+
    //     +-> select(Yes), port still used: asked again every kRetryTime, for kPatience
    UsbPort(EventLoop& loop, const VhciController& controller, unsigned number, UsbDevice& device)
        : loop_(loop), controller_(controller), number_(number), device_(device) {}

    void attach_or_retry();
    Result<void> attach();
    void on_closed();

    EventLoop& loop_;
    const VhciController& controller_;
    const unsigned number_;
    UsbDevice& device_;
    Plugged wanted_ = Plugged::No;
    bool leaving_ = false;
    TimePoint wanted_since_{};
    Timer retry_;
    std::unique_ptr<UsbipLink> link_;
};

}  // namespace minikvm::sim
