// SPDX-License-Identifier: MIT
// The line that `systemctl status` shows of a stick.

#pragma once

#include <string>

#include "control/attribute_tree.h"

namespace minikvm {

/// `ready, target 1920x1080@60.00, 1 viewer, USB-A port at the host`: what is so, as far as it is
/// known; behind it what is wrong, if anything is. Thread: the tree's.
std::string status_line(const AttributeTree& tree);

}  // namespace minikvm
