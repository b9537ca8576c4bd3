// SPDX-License-Identifier: MIT
// Where the device in the USB-A socket is: the rules of the mux and of its power.

#pragma once

#include "sim/side.h"

namespace minikvm::sim {

enum class UsbASocket { Empty, Taken };
enum class UsbAGround { Closed, Cut };

enum class UsbAPlace {
    Nowhere,    // nothing is plugged in
    Unpowered,  // DTR cuts the socket's ground
    Host,       // on the host's bus
    Target,
};

/// Source: hardware.md 4.1.
constexpr UsbAPlace usb_a_place(UsbASocket socket, UsbAGround ground, Side mux) {
    if (socket == UsbASocket::Empty) {
        return UsbAPlace::Nowhere;
    }
    if (ground == UsbAGround::Cut) {
        return UsbAPlace::Unpowered;
    }
    return mux == Side::Host ? UsbAPlace::Host : UsbAPlace::Target;
}

constexpr const char* name_of(UsbAPlace place) {
    switch (place) {
        case UsbAPlace::Nowhere:
            return "nowhere";
        case UsbAPlace::Unpowered:
            return "unpowered";
        case UsbAPlace::Host:
            return "host";
        case UsbAPlace::Target:
            return "target";
    }
    return "";
}

}  // namespace minikvm::sim
