// SPDX-License-Identifier: MIT
// Which attributes a generation of the stick has not.

#pragma once

#include <string_view>
#include <vector>

#include "device/generation.h"

namespace minikvm {

/// Names of attribute_list() that are not to be there. Thread: any thread.
std::vector<std::string_view> absent_attributes(const GenerationFacts& facts);

}  // namespace minikvm
