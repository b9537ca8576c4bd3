// SPDX-License-Identifier: MIT
// The sticks that have a daemon, by ID and by name.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "configuration/settings.h"

namespace minikvm {

/// The IDs of those that have an input socket below `directory`, sorted. Thread: any thread.
std::vector<std::string> stick_ids_in(const std::string& directory);

/// The ID of the stick that `wanted` names, by ID or by the name that `settings` give it; none when
/// it is not among `ids`.
std::optional<std::string> find_stick(const std::vector<std::string>& ids, const Settings& settings,
                                      std::string_view wanted);

}  // namespace minikvm
