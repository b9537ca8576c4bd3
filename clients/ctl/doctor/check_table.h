// SPDX-License-Identifier: MIT
// The doctor's checks, from the plug to the picture.

#pragma once

#include <array>
#include <string_view>

#include "clients/ctl/doctor/examination.h"
#include "clients/ctl/doctor/findings.h"

namespace minikvm {

void check_usb(const Examination& examination, Findings& findings);
void check_kernel_log(const Examination& examination, Findings& findings);
void check_rules(const Examination& examination, Findings& findings);
void check_neighbours(const Examination& examination, Findings& findings);
void check_modules(const Examination& examination, Findings& findings);
void check_services(const Examination& examination, Findings& findings);
void check_sandbox(const Examination& examination, Findings& findings);
void check_permissions(const Examination& examination, Findings& findings);
void check_holders(const Examination& examination, Findings& findings);
void check_sticks(const Examination& examination, Findings& findings);
void check_pictures(const Examination& examination, Findings& findings);
void check_applications(const Examination& examination, Findings& findings);
void check_configuration(const Examination& examination, Findings& findings);
void check_package(const Examination& examination, Findings& findings);

/// A new check is one function and one line here. Each says at least one thing; what another check
/// has named already it leaves out.
struct Check {
    std::string_view name;
    void (*look)(const Examination& examination, Findings& findings);
};

inline constexpr auto kChecks = std::to_array<Check>({
    {"usb", check_usb},
    {"kernel-log", check_kernel_log},
    {"rules", check_rules},
    {"neighbours", check_neighbours},
    {"modules", check_modules},
    {"services", check_services},
    {"sandbox", check_sandbox},
    {"permissions", check_permissions},
    {"holders", check_holders},
    {"stick", check_sticks},
    {"pictures", check_pictures},
    {"applications", check_applications},
    {"configuration", check_configuration},
    {"package", check_package},
});

/// Goes through the table.
Findings run_checks(const Examination& examination);

}  // namespace minikvm
