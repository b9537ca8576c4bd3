// SPDX-License-Identifier: MIT
// Has udev look once more at what belongs to a stick.

#pragma once

#include <string>

#include "common/result.h"
#include "device/stick_topology.h"

namespace minikvm {

/// Announces ("change") all nodes and USB devices behind the stick's hub, and its capture chip
/// where that is on the companion bus, so that the rules run for them again. Errors: what libudev
/// gives; a device that goes meanwhile is none.
Result<void> announce_again(const StickHalves& stick);

/// The directory of the hub that a stick's ID names. Errors: ENODEV.
Result<std::string> hub_of(const std::string& id);

}  // namespace minikvm
