// SPDX-License-Identifier: MIT
// Device rules, from their text.

#include "configuration/device_rule.h"

#include "protocol/errors.h"

namespace minikvm {
namespace {

bool take_word(std::string_view& text, std::string_view word) {
    const bool found = text.starts_with(word);
    text.remove_prefix(found ? word.size() : 0);
    return found;
}

}  // namespace

Result<DeviceRule> parse_device_rule(std::string_view text) {
    DeviceRule rule;
    std::string_view rest = text;
    if (take_word(rest, "name:")) {
        rule.subject = DeviceRule::Subject::Name;
    } else if (take_word(rest, "path:")) {
        rule.subject = DeviceRule::Subject::Path;
    } else if (take_word(rest, "property:") && rest.find('=') != std::string_view::npos) {
        rule.subject = DeviceRule::Subject::Property;
        rule.property = rest.substr(0, rest.find('='));
        rest.remove_prefix(rule.property.size() + 1);
    } else {
        rest = {};
    }
    if (rest.empty()) {
        return make_error(ControlError::BadValue,
                          "\"" + std::string(text) + "\" is no rule such as name:*Keyboard*");
    }
    rule.pattern = rest;
    return rule;
}

}  // namespace minikvm
