// SPDX-License-Identifier: MIT
// SerialAdapter: a USB serial adapter that somebody has wired to the extension pins.

#pragma once

#include <span>

#include "sim/usb_device.h"

namespace minikvm::sim {

/// A high-speed device of class CDC ACM, which the kernel's cdc_acm takes: /dev/ttyACM0. What is
/// written to it is lost, and nothing ever comes.
/// Source:  USB CDC 1.2, PSTN 1.2.
class SerialAdapter final : public UsbDevice {
public:
    SerialAdapter();

protected:
    ControlReply control(const SetupPacket& setup, std::span<const std::uint8_t> data) override;
    void on_urb(std::uint8_t endpoint) override;
};

}  // namespace minikvm::sim
