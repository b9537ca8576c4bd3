// SPDX-License-Identifier: MIT
// Is the package whole?

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"

namespace minikvm {
namespace {

// dpkg-query(1): wanted, state and error, a letter each. "ii " is as it should be.
constexpr std::size_t kStatusLetters = 3;
constexpr std::string_view kInstalled = "ii ";

}  // namespace

void check_package(const Examination& examination, Findings& findings) {
    const std::string said =
        examination.machine()
            .run({"dpkg-query", "--show", "--showformat=${db:Status-Abbrev}${Version}", "minikvm"})
            .value_or(std::string());
    const std::string status = said.substr(0, kStatusLetters);
    if (said.empty() || status == "un ") {
        findings.good("the package minikvm is not installed; the programs are from elsewhere");
    } else if (status == kInstalled || status == "hi ") {
        findings.good("the package minikvm " + said.substr(kStatusLetters) + " is installed");
    } else {
        findings.fault(
            Fault::PackageBroken,
            fmt::format("the package minikvm is in state \"{}\": dpkg did not finish", status),
            "sudo dpkg --configure --pending && sudo apt install --fix-broken");
    }
}

}  // namespace minikvm
