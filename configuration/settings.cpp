// SPDX-License-Identifier: MIT
// Which keys are set, and for which stick.

#include "configuration/settings.h"

#include <utility>

namespace minikvm {

void Settings::set(const ConfigurationKey& key, Setting setting) {
    common_[key.name] = std::move(setting);
}

void Settings::set_for_stick(const std::string& stick_id, const ConfigurationKey& key,
                             Setting setting) {
    own_[stick_id][key.name] = std::move(setting);
}

void Settings::forget_for_stick(const std::string& stick_id, const ConfigurationKey& key) {
    own_[stick_id].erase(key.name);
}

Setting Settings::of_any_stick(const ConfigurationKey& key) const {
    const auto found = common_.find(key.name);
    return found == common_.end() ? Setting{key.standard, ""} : found->second;
}

Setting Settings::of_stick(const std::string& stick_id, const ConfigurationKey& key) const {
    const Setting* own = own_of_stick(stick_id, key);
    return own == nullptr ? of_any_stick(key) : *own;
}

std::vector<std::string> Settings::stick_ids() const {
    std::vector<std::string> ids;
    ids.reserve(own_.size());
    for (const auto& [id, settings] : own_) {
        ids.push_back(id);
    }
    return ids;
}

const Setting* Settings::own_of_stick(const std::string& stick_id,
                                      const ConfigurationKey& key) const {
    const auto stick = own_.find(stick_id);
    if (stick == own_.end()) {
        return nullptr;
    }
    const auto found = stick->second.find(key.name);
    return found == stick->second.end() ? nullptr : &found->second;
}

std::vector<const ConfigurationKey*> changed_keys(const Settings& before, const Settings& after,
                                                  const std::string& stick_id) {
    std::vector<const ConfigurationKey*> changed;
    for (const ConfigurationKey& key : configuration_keys()) {
        if (key.scope != KeyScope::Machine &&
            before.of_stick(stick_id, key).value != after.of_stick(stick_id, key).value) {
            changed.push_back(&key);
        }
    }
    return changed;
}

}  // namespace minikvm
