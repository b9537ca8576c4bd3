// SPDX-License-Identifier: MIT
// The attributes of a stick's control tree, each declared once.

#pragma once

#include <span>

#include "control/attribute_declaration.h"

namespace minikvm {

/// Every attribute that a stick can have, sorted by name. An attribute that has no value now reads
/// as "unknown". Thread: any thread.
std::span<const AttributeDeclaration> attribute_list();

}  // namespace minikvm
