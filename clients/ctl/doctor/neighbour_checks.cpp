// SPDX-License-Identifier: MIT
// Programs that take any serial adapter for theirs: brltty and ModemManager.

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"
#include "clients/ctl/doctor/processes.h"
#include "clients/ctl/doctor/udev_rules.h"

namespace minikvm {
namespace {

constexpr const char* kOurRules = "91-minikvm-brltty.rules";

std::string lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    return text;
}

// "ENV{PRODUCT}=="1a86/7523/*"", in either case: the line by which brltty takes a CH340.
std::string rules_that_take_the_chip(const Machine& machine) {
    for (const std::string& path : rules_with(machine, "brltty")) {
        if (path.ends_with(kOurRules)) {
            continue;
        }
        for (const std::string& line : lines_of(lower_case(machine.text(path)))) {
            if (!line.starts_with("#") && line.find("1a86/7523") != std::string::npos) {
                return path;
            }
        }
    }
    return {};
}

bool brltty_has_claimed(const Machine& machine) {
    return std::ranges::any_of(machine.kernel_log(), [](const std::string& line) {
        return line.find("claimed by ch341 while 'brltty' sets config") != std::string::npos;
    });
}

void check_brltty(const Machine& machine, Findings& findings) {
    const std::string taking = rules_that_take_the_chip(machine);
    if (brltty_has_claimed(machine)) {
        findings.fault(
            Fault::BrlttyTakesChip,
            "brltty, for braille displays, has taken a CH340 serial chip away",
            "sudo systemctl mask --now brltty-udev.service, or without a braille display "
            "sudo apt remove brltty; then pull the stick and plug it in again");
    } else if (!taking.empty() && rules_path(machine, kOurRules).empty()) {
        findings.fault(
            Fault::BrlttyTakesChip,
            fmt::format("{} takes every CH340 serial chip for a braille display, and {} is "
                        "not there to stop it",
                        taking, kOurRules),
            "sudo apt install --reinstall minikvm, then pull the stick and plug it in again");
    } else if (!taking.empty()) {
        findings.good(fmt::format("{} keeps brltty away from the stick", kOurRules));
    } else {
        findings.good("brltty is not after the stick's serial chip");
    }
}

void check_modem_manager(const Examination& examination, Findings& findings) {
    const Machine& machine = examination.machine();
    if (processes_called(machine, "ModemManager").empty()) {
        findings.good("ModemManager does not run");
        return;
    }
    for (const UsbStick& stick : examination.usb()) {
        if (stick.is_whole() &&
            machine.udev_property(stick.serial->directory, "ID_MM_DEVICE_IGNORE") != "1") {
            findings.fault(
                Fault::ModemManagerProbes,
                fmt::format("ModemManager runs, and udev does not tell it to leave {} alone",
                            stick.serial->name),
                "sudo udevadm control --reload, then pull the stick and plug it in again; or "
                "sudo systemctl mask --now ModemManager.service",
                stick.id);
            return;
        }
    }
    findings.good("ModemManager runs, and leaves the stick alone");
}

}  // namespace

void check_neighbours(const Examination& examination, Findings& findings) {
    check_brltty(examination.machine(), findings);
    check_modem_manager(examination, findings);
}

}  // namespace minikvm
