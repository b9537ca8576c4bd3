// SPDX-License-Identifier: MIT
// Are the services shut in as they were shipped?

#include <array>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"
#include "clients/ctl/doctor/unit_state.h"

namespace minikvm {
namespace {

// What both unit files say, and what a change of theirs would most likely take away.
constexpr auto kWalls = std::to_array<std::pair<const char*, const char*>>({
    {"DevicePolicy", "closed"},
    {"MemoryDenyWriteExecute", "yes"},
    {"NoNewPrivileges", "yes"},
    {"ProtectHome", "yes"},
    {"ProtectSystem", "strict"},
    {"RestrictSUIDSGID", "yes"},
});

std::string properties() {
    std::string names = "LoadState,DropInPaths";
    for (const auto& [property, shipped] : kWalls) {
        names += fmt::format(",{}", property);
    }
    return names;
}

/// False when there is no such unit, which another check has said.
bool check_unit(const Machine& machine, const std::string& unit, const std::string& stick,
                Findings& findings) {
    auto values = unit_properties(machine, unit, properties());
    if (values["LoadState"] != "loaded") {
        return false;
    }
    std::string changed;
    for (const auto& [property, shipped] : kWalls) {
        if (values[property] != shipped) {
            changed += fmt::format("{}{}={} (shipped: {})", changed.empty() ? "" : ", ", property,
                                   values[property], shipped);
        }
    }
    if (changed.empty()) {
        findings.good(fmt::format("{} is shut in as it was shipped", unit), stick);
        return true;
    }
    const std::string files = values["DropInPaths"];
    findings.fault(
        Fault::SandboxChanged, fmt::format("{} is not shut in: {}", unit, changed),
        files.empty()
            ? fmt::format("sudo apt install --reinstall minikvm && sudo systemctl restart {}", unit)
            : fmt::format("remove these lines from {}, then sudo systemctl daemon-reload "
                          "&& sudo systemctl restart {}",
                          files, unit),
        stick);
    return true;
}

}  // namespace

void check_sandbox(const Examination& examination, Findings& findings) {
    const Machine& machine = examination.machine();
    bool looked = check_unit(machine, "minikvm-forward.service", {}, findings);
    for (const UsbStick& stick : examination.usb()) {
        if (stick.is_whole()) {
            looked |= check_unit(machine, fmt::format("minikvmd@{}.service", stick.id), stick.id,
                                 findings);
        }
    }
    if (!looked) {
        findings.unknown("systemd knows no service of this package", "systemctl status 'minikvm*'");
    }
}

}  // namespace minikvm
