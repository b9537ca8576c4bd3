// SPDX-License-Identifier: MIT
// The configuration as a stick's daemon reads it, at its start and when it is told to reload.

#pragma once

#include <string>

#include "configuration/configuration.h"
#include "configuration/settings.h"

namespace minikvm {

struct LoadedConfiguration {
    Settings settings;
    Configuration values;  // for this daemon's stick
};

/// Reads the files; what is wrong in them is logged. Thread: main.
LoadedConfiguration load_configuration(const std::string& path, const std::string& stick_id);

/// Logs what a reload has changed, and which of it has to wait for a restart of the service.
void log_changes(const Settings& before, const Settings& after, const std::string& stick_id);

}  // namespace minikvm
