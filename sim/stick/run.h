// SPDX-License-Identifier: MIT
// The simulator as a running program: `minikvm-sim run`.

#pragma once

#include <string>

#include "common/result.h"
#include "sim/stick/stick_options.h"

namespace minikvm::sim {

/// Makes the stick, tells the service manager READY=1 when it is plugged in, serves the control
/// socket; returns after SIGTERM or SIGINT, the stick pulled.
/// Errors:  what making the stick or its socket gives; EBUSY when the stick runs already.
Result<void> run_stick(const StickOptions& options, const std::string& control_socket);

}  // namespace minikvm::sim
