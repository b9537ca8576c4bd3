// SPDX-License-Identifier: MIT
// DeviceRule: which of this machine's keyboards and mice are meant.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace minikvm {

/// Shape:   "name:PATTERN", "path:PATTERN" or "property:NAME=PATTERN"; '*' and '?' in a pattern
///          stand for any characters and for any one.
struct DeviceRule {
    enum class Subject { Name, Path, Property };

    Subject subject = Subject::Name;
    std::string property;  // of a Property: its name
    std::string pattern;

    bool operator==(const DeviceRule&) const = default;
};

/// Errors:  ControlError::BadValue. Thread: any thread.
Result<DeviceRule> parse_device_rule(std::string_view text);

}  // namespace minikvm
