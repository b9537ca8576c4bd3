// SPDX-License-Identifier: MIT
// The values of input/jiggler: "off", or seconds.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/result.h"

namespace minikvm {

/// The range of the configuration's input.jiggler_s too.
inline constexpr std::chrono::seconds kShortestJiggler{5};
inline constexpr std::chrono::seconds kLongestJiggler{3600};

/// Errors:  ControlError::BadValue, with what would be right. Thread: any thread.
Result<std::optional<std::chrono::seconds>> parse_jiggler(std::string_view text);
std::string jiggler_text(const std::optional<std::chrono::seconds>& idleness);

}  // namespace minikvm
