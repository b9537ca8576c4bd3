// SPDX-License-Identifier: MIT
// Findings, and the names of faults.

#include "clients/ctl/doctor/findings.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>
#include <utility>

namespace minikvm {
namespace {

constexpr auto kFaultNames = std::to_array<std::pair<Fault, std::string_view>>({
    {Fault::NoStick, "no-stick"},
    {Fault::LoneHalf, "lone-half"},
    {Fault::SlowLink, "slow-link"},
    {Fault::NoNodes, "no-nodes"},
    {Fault::BusErrors, "bus-errors"},
    {Fault::NotInGroup, "not-in-group"},
    {Fault::NotLoggedInAgain, "not-logged-in-again"},
    {Fault::NoGroup, "no-group"},
    {Fault::WrongOwner, "wrong-owner"},
    {Fault::NodeTaken, "node-taken"},
    {Fault::BrlttyTakesChip, "brltty-takes-chip"},
    {Fault::ModemManagerProbes, "modemmanager-probes"},
    {Fault::ModuleMissing, "module-missing"},
    {Fault::HeadersMissing, "headers-missing"},
    {Fault::ModuleNotBuilt, "module-not-built"},
    {Fault::ModuleTooOld, "module-too-old"},
    {Fault::ModuleUnsigned, "module-unsigned"},
    {Fault::ModuleRefused, "module-refused"},
    {Fault::ModuleNotLoaded, "module-not-loaded"},
    {Fault::ModuleOptions, "module-options"},
    {Fault::NextKernel, "next-kernel"},
    {Fault::UinputMissing, "uinput-missing"},
    {Fault::RulesMissing, "rules-missing"},
    {Fault::RulesNotInForce, "rules-not-in-force"},
    {Fault::UnitMissing, "unit-missing"},
    {Fault::UnitMasked, "unit-masked"},
    {Fault::UnitFailed, "unit-failed"},
    {Fault::UnitStopped, "unit-stopped"},
    {Fault::UnitDisabled, "unit-disabled"},
    {Fault::UnitOutdated, "unit-outdated"},
    {Fault::SandboxChanged, "sandbox-changed"},
    {Fault::NoAnswer, "no-answer"},
    {Fault::NoCamera, "no-camera"},
    {Fault::SlowSerial, "slow-serial"},
    {Fault::TargetAbsent, "target-absent"},
    {Fault::NoSignal, "no-signal"},
    {Fault::OtherFirmware, "other-firmware"},
    {Fault::RegistersSilent, "registers-silent"},
    {Fault::NoPicture, "no-picture"},
    {Fault::BrokenPictures, "broken-pictures"},
    {Fault::NoInput, "no-input"},
    {Fault::ObsWithoutNode, "obs-without-node"},
    {Fault::HiddenFromBrowsers, "hidden-from-browsers"},
    {Fault::Configuration, "configuration"},
    {Fault::PackageBroken, "package-broken"},
});

}  // namespace

std::string_view fault_name(Fault fault) {
    const auto found =
        std::ranges::find(kFaultNames, fault, &std::pair<Fault, std::string_view>::first);
    assert(found != kFaultNames.end());
    return found->second;
}

std::vector<Fault> all_faults() {
    std::vector<Fault> all;
    std::ranges::transform(kFaultNames, std::back_inserter(all),
                           &std::pair<Fault, std::string_view>::first);
    return all;
}

std::string_view verdict_name(Verdict verdict) {
    switch (verdict) {
        case Verdict::Good:
            return "good";
        case Verdict::Unknown:
            return "unknown";
        case Verdict::Fault:
            break;
    }
    return "fault";
}

void Findings::good(std::string text, const std::string& stick) {
    all_.push_back({check_, stick, Verdict::Good, {}, std::move(text), {}});
}

void Findings::unknown(std::string text, std::string mend, const std::string& stick) {
    all_.push_back({check_, stick, Verdict::Unknown, {}, std::move(text), std::move(mend)});
}

void Findings::fault(Fault fault, std::string text, std::string mend, const std::string& stick) {
    all_.push_back(
        {check_, stick, Verdict::Fault, fault_name(fault), std::move(text), std::move(mend)});
}

}  // namespace minikvm
