// SPDX-License-Identifier: MIT
// What a virtual stick is started with.

#pragma once

#include <string>

#include "sim/ms2109/device.h"
#include "sim/ms2109/input_mode.h"
#include "sim/picture/picture_thread.h"
#include "sim/serial/ch340_device.h"
#include "sim/serial/serial_half.h"

namespace minikvm::sim {

enum class PlugOrder { CaptureFirst, SerialFirst };

/// Which parts the board has: a lone capture chip is any dongle, a lone bridge any adapter.
enum class StickParts { Both, CaptureOnly, SerialOnly };

struct StickOptions {
    unsigned number = 0;  // of the vhci_hcd controller
    StickParts parts = StickParts::Both;
    PlugOrder order = PlugOrder::CaptureFirst;
    bool plugged = true;
    bool usb_a = true;
    bool extension = false;
    bool signal = true;
    InputMode input;
    PictureOptions picture;
    Ms2109Options ms2109;
    SerialOptions serial;
    Ch340Options ch340;
};

}  // namespace minikvm::sim
