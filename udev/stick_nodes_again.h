// SPDX-License-Identifier: MIT
// Has udev look once more at what is behind a stick's hub.

#pragma once

#include <string>

#include "common/result.h"

namespace minikvm {

/// Announces ("change") all nodes and USB devices behind `hub`, a directory in sysfs, so that the
/// rules run for them again. Errors: what libudev gives; a device that goes meanwhile is none.
Result<void> announce_again(const std::string& hub);

/// The directory of the hub that a stick's ID names. Errors: ENODEV.
Result<std::string> hub_of(const std::string& id);

}  // namespace minikvm
