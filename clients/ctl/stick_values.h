// SPDX-License-Identifier: MIT
// StickValues: all that can be read of one stick, by name.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "clients/ctl/control_client.h"
#include "common/result.h"

namespace minikvm {

/// Shape:   watch_all() fills it, set() keeps it up to date.
/// Limits:  an attribute that the stick does not have and one that has no value now look the same.
/// Thread:  the thread that made it.
class StickValues final {
public:
    void set(const std::string& name, const std::string& value) { values_[name] = value; }

    bool known(std::string_view name) const;
    /// "unknown" where nothing is known.
    std::string text(std::string_view name) const;
    bool is(std::string_view name, std::string_view value) const { return text(name) == value; }
    std::optional<std::uint64_t> number(std::string_view name) const;

    const std::map<std::string, std::string, std::less<>>& all() const { return values_; }

private:
    std::map<std::string, std::string, std::less<>> values_;
};

/// The present values. The connection watches all of them from then on.
/// Errors: as ControlClient.
Result<StickValues> watch_all(ControlClient& client);

}  // namespace minikvm
