// SPDX-License-Identifier: MIT
// From settings to values.

#include "configuration/configuration.h"

#include "configuration/key_table.h"
#include "configuration/settings.h"

namespace minikvm {

Configuration configuration_of(const Settings& settings, const std::string& stick_id) {
    Configuration configuration;
    for (const ConfigurationKey& key : configuration_keys()) {
        key.store(configuration, settings.of_stick(stick_id, key).value);
    }
    return configuration;
}

}  // namespace minikvm
