// SPDX-License-Identifier: MIT
// Keys by their names, of those that the stick can press.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace minikvm {

/// The codes of a chord's keys, in the order in which they are pressed, by the names that
/// parse_keys() of configuration/key_names.h knows.
/// Errors:  ControlError::BadValue, which names what is wrong and the nearest name, for a key that
///          there is not or that the input chip cannot send.
/// Thread:  any thread.
Result<std::vector<std::uint16_t>> parse_chord(std::string_view text);

}  // namespace minikvm
