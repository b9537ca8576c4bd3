// SPDX-License-Identifier: MIT
// Reading the configuration.

#include "daemon/loaded_settings.h"

#include <utility>

#include "common/log.h"
#include "configuration/configuration_files.h"

namespace minikvm {
namespace {

constexpr log::MessageId kBadConfiguration{"adb9cae8567a496a9695fa5427367815"};

}  // namespace

Settings load_settings(const std::string& path) {
    ReadSettings read = read_configuration(path).read;
    for (const Complaint& complaint : read.complaints) {
        log::warning(kBadConfiguration, "client: {}", complaint.message());
    }
    return std::move(read.settings);
}

void log_changes(const Settings& before, const Settings& after, const std::string& stick_id) {
    const auto changed = changed_keys(before, after, stick_id);
    for (const ConfigurationKey* key : changed) {
        const std::string value = value_text(after.of_stick(stick_id, *key).value);
        if (key->effect == KeyEffect::AtReload) {
            log::info("{} is now {}: id={}", key->name, value, stick_id);
        } else {
            log::notice(
                "{} = {} cannot be reloaded, it takes effect after: systemctl restart minikvmd@{}",
                key->name, value, stick_id);
        }
    }
    if (changed.empty()) {
        log::info("reloaded, nothing has changed: id={}", stick_id);
    }
}

}  // namespace minikvm
