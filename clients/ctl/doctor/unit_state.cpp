// SPDX-License-Identifier: MIT
// systemctl show, read.

#include "clients/ctl/doctor/unit_state.h"

namespace minikvm {

std::map<std::string, std::string> unit_properties(const Machine& machine, const std::string& unit,
                                                   const std::string& names) {
    const std::string said =
        machine.run({"systemctl", "show", "--property=" + names, unit}).value_or(std::string());
    std::map<std::string, std::string> values;
    for (const std::string& line : lines_of(said)) {
        const std::size_t equals = line.find('=');
        if (equals != std::string::npos) {
            values[line.substr(0, equals)] = line.substr(equals + 1);
        }
    }
    return values;
}

UnitState unit_state(const Machine& machine, const std::string& unit) {
    auto values = unit_properties(
        machine, unit, "LoadState,ActiveState,Result,UnitFileState,NeedDaemonReload,StatusText");
    return {.load = values["LoadState"],
            .active = values["ActiveState"],
            .result = values["Result"],
            .file = values["UnitFileState"],
            .needs_reload = values["NeedDaemonReload"],
            .status = values["StatusText"]};
}

}  // namespace minikvm
