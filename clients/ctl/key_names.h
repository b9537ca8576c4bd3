// SPDX-License-Identifier: MIT
// What people call keys: "ctrl+alt+delete".

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace minikvm {

/// The codes of a chord's keys, in the order in which they are pressed. A key's name is that of
/// linux/input-event-codes.h, with or without KEY_ and in either case, or one of the usual short
/// ones.
/// Errors:  ControlError::BadValue, which names what is wrong and the nearest name, for a key that
///          there is not or that the input chip cannot send.
/// Thread:  any thread.
Result<std::vector<std::uint16_t>> parse_chord(std::string_view text);

}  // namespace minikvm
