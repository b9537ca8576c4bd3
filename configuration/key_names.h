// SPDX-License-Identifier: MIT
// What people call keys: "ctrl+alt+delete".

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace minikvm {

/// The codes of keys that are down together, in the order in which they are named. A key's name is
/// that of linux/input-event-codes.h, with or without KEY_ and in either case, or one of the usual
/// short ones.
/// Errors:  ControlError::BadValue, which names what is wrong and the nearest name.
/// Thread:  any thread.
Result<std::vector<std::uint16_t>> parse_keys(std::string_view text);

}  // namespace minikvm
