// SPDX-License-Identifier: MIT
// All values of a stick.

#include "clients/ctl/stick_values.h"

#include <charconv>
#include <set>

namespace minikvm {
namespace {

constexpr std::string_view kUnknown = "unknown";

// "usb" of "usb/switch".
std::string top_folder(std::string_view name) {
    return std::string(name.substr(0, name.find('/')));
}

}  // namespace

bool StickValues::known(std::string_view name) const {
    const auto found = values_.find(name);
    return found != values_.end() && found->second != kUnknown;
}

std::string StickValues::text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string(kUnknown) : found->second;
}

std::optional<std::uint64_t> StickValues::number(std::string_view name) const {
    const std::string digits = text(name);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool whole = error == std::errc() && end == digits.data() + digits.size();
    return whole ? std::optional(number) : std::nullopt;
}

Result<StickValues> watch_all(ControlClient& client) {
    const ControlReply listed = MINIKVM_TRY(client.ask({ControlVerb::List, {}, {}}));
    std::set<std::string> folders;
    for (const ControlAnswer& item : listed.items) {
        if (item.text != "w") {
            folders.insert(top_folder(item.name));
        }
    }
    const ControlReply reply =
        MINIKVM_TRY(client.ask({ControlVerb::Watch, {folders.begin(), folders.end()}, {}}));
    StickValues values;
    for (const ControlAnswer& item : reply.items) {
        values.set(item.name, item.text);
    }
    return values;
}

}  // namespace minikvm
