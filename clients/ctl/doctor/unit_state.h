// SPDX-License-Identifier: MIT
// What the service manager says of a unit.

#pragma once

#include <map>
#include <string>

#include "clients/ctl/doctor/machine.h"

namespace minikvm {

inline constexpr const char* kModulesUnit = "minikvm-modules.service";

/// Values as `systemctl show` writes them, by property; `names` are separated by commas. Empty when
/// it does not answer.
std::map<std::string, std::string> unit_properties(const Machine& machine, const std::string& unit,
                                                   const std::string& names);

/// Words of systemd's, such as "loaded" and "active"; all empty when it does not answer.
struct UnitState {
    std::string load;          // LoadState
    std::string active;        // ActiveState
    std::string result;        // Result
    std::string file;          // UnitFileState
    std::string needs_reload;  // NeedDaemonReload: "yes" or "no"
    std::string status;        // StatusText
};

UnitState unit_state(const Machine& machine, const std::string& unit);

}  // namespace minikvm
