// SPDX-License-Identifier: MIT
// Waiting until an attribute says something else.

#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "clients/ctl/control_client.h"
#include "common/result.h"

namespace minikvm {

/// The value of `name` as soon as `enough` holds for it, or the last one when `longest` is over.
/// The connection watches `name` from then on. Errors: as ControlClient.
Result<std::string> wait_for_value(ControlClient& client, const std::string& name,
                                   const std::function<bool(const std::string&)>& enough,
                                   std::chrono::milliseconds longest);

}  // namespace minikvm
