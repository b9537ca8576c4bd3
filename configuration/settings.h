// SPDX-License-Identifier: MIT
// Settings: which keys are set, to what, and where that is written.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "configuration/key_table.h"

namespace minikvm {

struct Setting {
    ConfigurationValue value;
    std::string place;  // "/etc/minikvm/minikvm.toml:12"; empty: the default
};

/// Shape:   set() in the order of the files, the last one of a key wins; then ask. What is set for
///          one stick goes before what is set for all.
/// Errors:  none: only values that accepts() allows are set.
/// Thread:  the thread that made it; reading from any.
class Settings final {
public:
    void set(const ConfigurationKey& key, Setting setting);
    void set_for_stick(const std::string& stick_id, const ConfigurationKey& key, Setting setting);
    void forget_for_stick(const std::string& stick_id, const ConfigurationKey& key);

    /// For sticks that nothing else is set for.
    Setting of_any_stick(const ConfigurationKey& key) const;
    Setting of_stick(const std::string& stick_id, const ConfigurationKey& key) const;

    /// Those that have a section of their own, sorted.
    std::vector<std::string> stick_ids() const;
    /// Nothing when this key is not set in the stick's own section.
    const Setting* own_of_stick(const std::string& stick_id, const ConfigurationKey& key) const;

private:
    using ByKey = std::map<std::string_view, Setting>;  // names are those of the key table

    ByKey common_;
    std::map<std::string, ByKey> own_;
};

/// The keys whose values differ for this stick; those of the machine are no stick's.
std::vector<const ConfigurationKey*> changed_keys(const Settings& before, const Settings& after,
                                                  const std::string& stick_id);

}  // namespace minikvm
