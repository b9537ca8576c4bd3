// SPDX-License-Identifier: MIT
// PlainDevice: something plugged into the stick's USB-A port or its extension pins.

#pragma once

#include <span>

#include "sim/usb_device.h"

namespace minikvm::sim {

enum class PlainDeviceName { UsbA, Extension };

/// A high-speed device of a vendor's own class without endpoints: it is seen, no driver takes it.
class PlainDevice final : public UsbDevice {
public:
    explicit PlainDevice(PlainDeviceName name);

protected:
    ControlReply control(const SetupPacket& setup, std::span<const std::uint8_t> data) override;
};

}  // namespace minikvm::sim
