// SPDX-License-Identifier: MIT
// What a virtual stick is started with.

#pragma once

#include <string>

#include "sim/ms2109/device.h"
#include "sim/ms2109/input_mode.h"
#include "sim/picture/picture_thread.h"
#include "sim/serial/ch32v208_model.h"
#include "sim/serial/ch340_device.h"
#include "sim/serial/serial_half.h"
#include "sim/stick/board.h"

namespace minikvm::sim {

enum class PlugOrder { CaptureFirst, SerialFirst };

/// Which parts the board has: a lone capture chip is any dongle, a lone bridge any adapter.
enum class StickParts { Both, CaptureOnly, SerialOnly };

/// What can be on the extension pins.
enum class ExtensionDevice { Plain, SerialAdapter };

struct StickOptions {
    unsigned number = 0;  // of the vhci_hcd controller
    Generation generation = Generation::MiniKvm19;
    StickParts parts = StickParts::Both;
    PlugOrder order = PlugOrder::CaptureFirst;
    bool plugged = true;
    bool usb_a = true;
    std::string memory_stick;  // the file on it; none: what is in the socket has no driver
    bool extension = false;
    ExtensionDevice extension_device = ExtensionDevice::Plain;
    bool signal = true;
    InputMode input;
    PictureOptions picture;
    Ms2109Options ms2109;
    SerialOptions serial;  // the recorder's file, and the CH9329 of a Mini-KVM 1.x
    Ch340Options ch340;    // the trace's file, and the bridge of a Mini-KVM 1.x
    Ch32v208Options ch32v208;
};

}  // namespace minikvm::sim
