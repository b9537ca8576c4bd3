// SPDX-License-Identifier: MIT
// The configuration's files as a stick's daemon reads them, at its start and at each reload.

#pragma once

#include <string>

#include "configuration/settings.h"

namespace minikvm {

/// Reads the files; what is wrong in them is logged. Thread: main.
Settings load_settings(const std::string& path);

/// Logs what a reload has changed, and which of it has to wait for a restart of the service.
void log_changes(const Settings& before, const Settings& after, const std::string& stick_id);

}  // namespace minikvm
