// SPDX-License-Identifier: MIT
// Are udev's rules there, and have they been applied to the stick?

#include <array>

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"
#include "clients/ctl/doctor/udev_rules.h"

namespace minikvm {
namespace {

constexpr const char* kRules = "72-minikvm.rules";
constexpr mode_t kOwnerOnly = 0600;
constexpr const char* kReinstall = "sudo apt install --reinstall minikvm";

bool check_files(const Machine& machine, Findings& findings) {
    const std::string path = rules_path(machine, kRules);
    if (path.empty()) {
        findings.fault(Fault::RulesMissing,
                       fmt::format("udev's rules {} are not installed", kRules), kReinstall);
        return false;
    }
    if (machine.text(path).empty()) {
        findings.fault(Fault::RulesMissing, fmt::format("{} switches our udev rules off", path),
                       fmt::format("sudo rm {}, then sudo udevadm control --reload", path));
        return false;
    }
    if (!machine.has("/usr/lib/udev/minikvm-id") && !machine.has("/lib/udev/minikvm-id")) {
        findings.fault(Fault::RulesMissing,
                       "/usr/lib/udev/minikvm-id, which the rules call, is missing", kReinstall);
        return false;
    }
    return true;
}

std::string wrong_nodes(const Machine& machine, const UsbStick& stick) {
    const std::optional<uid_t> daemon = machine.user_id("minikvm");
    std::string wrong;
    for (const UsbHalf* half : {&*stick.capture, &*stick.serial}) {
        for (const HalfNode& node : half->nodes) {
            const std::string path = "/dev/" + node.name;
            const std::optional<FileOwner> owner = machine.owner(path);
            if (owner && (owner->user != daemon || owner->mode != kOwnerOnly)) {
                wrong += (wrong.empty() ? "" : " ") + path;
            }
        }
    }
    return wrong;
}

// A stick whose service was stopped by hand gives its nodes back; the services are to blame then.
bool is_released(const Machine& machine, const UsbStick& stick) {
    return machine.has("/run/minikvm/.released-" + stick.id);
}

void check_nodes_of(const Machine& machine, const UsbStick& stick, Findings& findings) {
    if (is_released(machine, stick)) {
        findings.good("the rules gave the nodes back when the service was stopped", stick.id);
        return;
    }
    for (const UsbHalf* half : {&*stick.capture, &*stick.serial}) {
        if (machine.udev_property(half->directory, "MINIKVM_ID") != stick.id) {
            findings.fault(Fault::RulesNotInForce,
                           fmt::format("udev has not applied our rules to {}", half->name),
                           "sudo udevadm control --reload && sudo udevadm trigger --action=add "
                           "--subsystem-match=usb --attr-match=idVendor=1a86",
                           stick.id);
            return;
        }
    }
    const std::string wrong = wrong_nodes(machine, stick);
    if (!wrong.empty()) {
        findings.fault(
            Fault::WrongOwner,
            fmt::format("somebody changed who owns {}: a browser or a modem program may "
                        "take what is the daemon's",
                        wrong),
            fmt::format("sudo udevadm trigger --action=change {}; look for rules of yours "
                        "in /etc/udev/rules.d",
                        wrong),
            stick.id);
        return;
    }
    findings.good("udev's rules are in force: the stick's own nodes are the daemon's alone",
                  stick.id);
}

}  // namespace

void check_rules(const Examination& examination, Findings& findings) {
    if (!check_files(examination.machine(), findings)) {
        return;
    }
    if (!examination.has_whole_stick()) {
        findings.good("udev's rules are installed");
    }
    for (const UsbStick& stick : examination.usb()) {
        if (stick.is_whole()) {
            check_nodes_of(examination.machine(), stick, findings);
        }
    }
}

}  // namespace minikvm
