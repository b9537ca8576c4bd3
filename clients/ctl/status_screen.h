// SPDX-License-Identifier: MIT
// What minikvmctl status shows of one stick.

#pragma once

#include <string>
#include <vector>

#include "clients/ctl/stick_values.h"
#include "clients/ctl/text_style.h"

namespace minikvm {

/// Everything about a stick that a person asks for first, in some dozen lines that end with LF.
std::string status_screen(const std::string& stick_id, const StickValues& values,
                          const TextStyle& style);

/// What does not work now, as "video: no frames since 5 s"; none when all is well.
std::vector<std::string> problems_of(const StickValues& values);

}  // namespace minikvm
