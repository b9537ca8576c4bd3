// SPDX-License-Identifier: MIT
// May the user use the stick?

#include <algorithm>

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"

namespace minikvm {
namespace {

constexpr const char* kGroup = "minikvm";

bool is_among(const std::vector<std::string>& groups) {
    return std::ranges::find(groups, kGroup) != groups.end();
}

bool group_exists(const Machine& machine) {
    return std::ranges::any_of(lines_of(machine.text("/etc/group")), [](const std::string& line) {
        return line.starts_with(std::string(kGroup) + ":");
    });
}

}  // namespace

void check_permissions(const Examination& examination, Findings& findings) {
    const Machine& machine = examination.machine();
    const User& user = machine.user();
    if (!group_exists(machine)) {
        findings.fault(Fault::NoGroup, "there is no group minikvm",
                       "sudo systemd-sysusers, then sudo systemctl restart 'minikvmd@*'");
        return;
    }
    if (user.name == "root") {
        findings.good("root may use every stick; others have to be in group minikvm");
        return;
    }
    if (!is_among(user.listed_groups)) {
        findings.fault(
            Fault::NotInGroup,
            fmt::format("{} is not in group minikvm, and may not use the sticks", user.name),
            fmt::format("sudo usermod -aG minikvm {}, then log out and in again", user.name));
        return;
    }
    // Of the session behind sudo nothing is known.
    if (!user.is_root && !is_among(user.session_groups)) {
        findings.fault(
            Fault::NotLoggedInAgain,
            fmt::format("{} is in group minikvm, but this session began before that", user.name),
            "log out and in again, or in this terminal: newgrp minikvm");
        return;
    }
    findings.good(fmt::format("{} is in group minikvm, and may use the sticks", user.name));
}

}  // namespace minikvm
