// SPDX-License-Identifier: MIT
// SwitchPosition: the side that a stick's switchable USB port is on.

#pragma once

namespace minikvm {

enum class SwitchPosition { Host, Target };

}  // namespace minikvm
