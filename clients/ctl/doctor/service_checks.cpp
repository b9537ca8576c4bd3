// SPDX-License-Identifier: MIT
// Do the services run?

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"
#include "clients/ctl/doctor/unit_state.h"

namespace minikvm {
namespace {

/// False when it said of the unit that it cannot run.
bool check_files(const std::string& unit, const UnitState& state, const std::string& stick,
                 Findings& findings) {
    if (state.load == "masked") {
        findings.fault(
            Fault::UnitMasked, fmt::format("{} is masked: it never starts", unit),
            fmt::format("sudo systemctl unmask {} && sudo systemctl start {}", unit, unit), stick);
        return false;
    }
    if (state.load != "loaded") {
        findings.fault(
            Fault::UnitMissing, fmt::format("there is no {}: systemd says {}", unit, state.load),
            "sudo apt install --reinstall minikvm, then sudo systemctl daemon-reload", stick);
        return false;
    }
    if (state.needs_reload == "yes") {
        findings.fault(
            Fault::UnitOutdated,
            fmt::format("the file of {} has changed since systemd read it", unit),
            fmt::format("sudo systemctl daemon-reload && sudo systemctl restart {}", unit), stick);
    }
    return true;
}

void report_failure(const std::string& unit, const UnitState& state, const std::string& stick,
                    Findings& findings) {
    findings.fault(Fault::UnitFailed, fmt::format("{} has failed: {}", unit, state.result),
                   fmt::format("journalctl --catalog -b -u {} says why; then sudo systemctl "
                               "reset-failed {} && sudo systemctl start {}",
                               unit, unit, unit),
                   stick);
}

void check_modules_unit(const Machine& machine, Findings& findings) {
    const UnitState state = unit_state(machine, kModulesUnit);
    if (!check_files(kModulesUnit, state, {}, findings)) {
        return;
    }
    if (state.active == "failed") {
        report_failure(kModulesUnit, state, {}, findings);
    } else if (state.file == "disabled") {
        findings.fault(
            Fault::UnitDisabled,
            fmt::format("{} is not enabled: after the next boot nothing is loaded", kModulesUnit),
            fmt::format("sudo systemctl enable --now {}", kModulesUnit));
    } else if (state.active != "active") {
        findings.fault(Fault::UnitStopped, fmt::format("{} has not run", kModulesUnit),
                       fmt::format("sudo systemctl start {}", kModulesUnit));
    } else {
        findings.good(fmt::format("{} has loaded the modules", kModulesUnit));
    }
}

// Whether it runs is the user's choice; that it cannot is a fault.
void check_forwarder(const Machine& machine, Findings& findings) {
    constexpr const char* kUnit = "minikvm-forward.service";
    const UnitState state = unit_state(machine, kUnit);
    if (state.active == "failed") {
        report_failure(kUnit, state, {}, findings);
    } else if (state.active == "active") {
        findings.good(fmt::format("{} runs: {}", kUnit, state.status));
    }
}

void check_service_of(const Machine& machine, const std::string& id, Findings& findings) {
    const std::string unit = fmt::format("minikvmd@{}.service", id);
    const UnitState state = unit_state(machine, unit);
    if (!check_files(unit, state, id, findings)) {
        return;
    }
    if (state.active == "failed") {
        report_failure(unit, state, id, findings);
    } else if (state.active == "active" || state.active == "reloading") {
        findings.good(fmt::format("{} runs: {}", unit, state.status), id);
    } else if (state.active == "activating") {
        findings.unknown(fmt::format("{} is just starting", unit),
                         "sudo minikvmctl doctor, in half a minute", id);
    } else {
        findings.fault(Fault::UnitStopped, fmt::format("{} does not run: {}", unit, state.active),
                       fmt::format("sudo systemctl start {}", unit), id);
    }
}

}  // namespace

void check_services(const Examination& examination, Findings& findings) {
    const Machine& machine = examination.machine();
    if (unit_state(machine, kModulesUnit).load.empty()) {
        findings.unknown("systemd does not answer", "systemctl status 'minikvm*'");
        return;
    }
    check_modules_unit(machine, findings);
    check_forwarder(machine, findings);
    for (const UsbStick& stick : examination.usb()) {
        if (stick.is_whole()) {
            check_service_of(machine, stick.id, findings);
        }
    }
}

}  // namespace minikvm
