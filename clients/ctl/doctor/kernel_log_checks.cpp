// SPDX-License-Identifier: MIT
// What the kernel says of the stick's cables.

#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"

namespace minikvm {
namespace {

// EPROTO and ETIMEDOUT: a bad cable, a bad port, or too little power (docs/hardware.md 3.4, 6).
bool has_bus_error(const std::string& line) {
    static const std::regex pattern(R"((^|[^0-9])-(71|110)([^0-9]|$))");
    return std::regex_search(line, pattern);
}

// 1-2 is in "usb 1-2.1: ..." and in "usb 1-2-port1: ...", and is not in "usb 1-21: ...".
std::regex devices_of(const std::string& id) {
    const bool root = id.starts_with("usb");
    const std::string name = root ? fmt::format("({}|{}-[0-9]+)", id, id.substr(3)) : id;
    return std::regex(fmt::format(R"((^|[ (]){}([-.:][^ ]*)?[: )])",
                                  std::regex_replace(name, std::regex(R"(\.)"), R"(\.)")));
}

std::vector<std::string> errors_of(const std::vector<std::string>& log, const std::regex& devices) {
    std::vector<std::string> lines;
    std::ranges::copy_if(log, std::back_inserter(lines), [&](const std::string& line) {
        return has_bus_error(line) && std::regex_search(line, devices);
    });
    return lines;
}

void report(const std::vector<std::string>& errors, const std::string& stick, Findings& findings) {
    if (errors.empty()) {
        findings.good("the kernel had no trouble with the stick's cables in the last hour", stick);
        return;
    }
    findings.fault(
        Fault::BusErrors,
        fmt::format("the kernel had {} bus errors in the last hour, the last one: {}",
                    errors.size(), errors.back()),
        "pull the stick and plug it in again; if it goes on, take another cable or port, "
        "and no hub without a power supply of its own",
        stick);
}

}  // namespace

void check_kernel_log(const Examination& examination, Findings& findings) {
    const std::vector<std::string>& log = examination.machine().kernel_log();
    if (log.empty() && !examination.machine().user().is_root) {
        findings.unknown("the kernel's log may not be read", "sudo minikvmctl doctor");
        return;
    }
    for (const UsbStick& stick : examination.usb()) {
        report(errors_of(log, devices_of(stick.id)), stick.id, findings);
    }
    if (examination.usb().empty()) {
        // Something that never got a name may be the stick.
        report(errors_of(log, std::regex("(descriptor read|accepting address|enumerate)")), {},
               findings);
    }
}

}  // namespace minikvm
