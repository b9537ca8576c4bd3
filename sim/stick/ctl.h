// SPDX-License-Identifier: MIT
// A command to a running simulator: `minikvm-sim ctl`.

#pragma once

#include <string>
#include <vector>

#include "common/result.h"

namespace minikvm::sim {

/// The lines of the answer without `ok`. Errors: what connecting gives, with who should be running;
/// EINVAL with the simulator's own message.
Result<std::string> send_command(const std::string& control_socket,
                                 const std::vector<std::string>& words);

}  // namespace minikvm::sim
