// SPDX-License-Identifier: MIT
// How often a test program has asked for memory.

#pragma once

#include <cstddef>

namespace minikvm {

/// Calls of operator new since the program started.
std::size_t allocation_count();

}  // namespace minikvm
