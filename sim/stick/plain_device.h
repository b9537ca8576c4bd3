// SPDX-License-Identifier: MIT
// PlainDevice: something on the stick's switchable port or its extension pins.

#pragma once

#include <span>

#include "sim/usb_device.h"

namespace minikvm::sim {

enum class PlainDeviceName { UsbA, Extension, CardReader };

/// A high-speed device of a vendor's own class without endpoints: it is seen, no driver takes it.
/// The card reader has the numbers of the KVM-GO's (hardware.md 1.1), and nothing else of it.
class PlainDevice final : public UsbDevice {
public:
    explicit PlainDevice(PlainDeviceName name);

protected:
    ControlReply control(const SetupPacket& setup, std::span<const std::uint8_t> data) override;
};

}  // namespace minikvm::sim
