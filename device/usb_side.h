// SPDX-License-Identifier: MIT
// UsbSide: whose USB-A port it is now.

#pragma once

namespace minikvm {

enum class UsbSide { Host, Target };

}  // namespace minikvm
