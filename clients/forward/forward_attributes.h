// SPDX-License-Identifier: MIT
// The attributes of the forwarder's control tree, each declared once.

#pragma once

#include <span>

#include "control/attribute_declaration.h"

namespace minikvm {

/// Sorted by name. Thread: any thread.
std::span<const AttributeDeclaration> forward_attributes();

}  // namespace minikvm
