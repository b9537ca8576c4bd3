// SPDX-License-Identifier: MIT
// Resetting a USB device: the last remedy for one that no longer answers.

#pragma once

#include <string>

#include "common/result.h"
#include "device/stick_topology.h"

namespace minikvm {

/// Resets the USB device that a node such as "/dev/video0" belongs to. Drivers let go of it, and
/// those that do not know better take it anew: its nodes go, and come back.
///
/// Errors:  ENODEV where the node, or its device, has gone; EACCES where the device is not for us.
///          A device that comes back as another one is no error here.
/// Limits:  blocks for half a second, and for many seconds where the device says nothing at all.
/// Thread:  any thread.
Result<void> reset_usb_device_of(const std::string& node);

/// Resets what is plugged into a port of the stick `id`. Errors: as above.
Result<void> reset_plugged_device(const std::string& id, StickPort port);

}  // namespace minikvm
