// SPDX-License-Identifier: MIT
// What the doctor has found, good and bad.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace minikvm {

/// What the doctor can find wrong. docs/troubleshooting.md has a section for each.
enum class Fault {
    NoStick,
    LoneHalf,
    SlowLink,
    NoNodes,
    BusErrors,
    NotInGroup,
    NotLoggedInAgain,
    NoGroup,
    WrongOwner,
    NodeTaken,
    BrlttyTakesChip,
    ModemManagerProbes,
    ModuleMissing,
    HeadersMissing,
    ModuleNotBuilt,
    ModuleTooOld,
    ModuleUnsigned,
    ModuleRefused,
    ModuleNotLoaded,
    ModuleOptions,
    NextKernel,
    UinputMissing,
    RulesMissing,
    RulesNotInForce,
    UnitMissing,
    UnitMasked,
    UnitFailed,
    UnitStopped,
    UnitDisabled,
    UnitOutdated,
    SandboxChanged,
    NoAnswer,
    NoCamera,
    SlowSerial,
    TargetAbsent,
    NoSignal,
    OtherFirmware,
    RegistersSilent,
    NoPicture,
    BrokenPictures,
    NoInput,
    ObsWithoutNode,
    HiddenFromBrowsers,
    Configuration,
    PackageBroken,
};

/// Its name in the output and in docs/troubleshooting.md, such as "lone-half"; it never changes.
std::string_view fault_name(Fault fault);

/// All of them, in order.
std::vector<Fault> all_faults();

enum class Verdict {
    Good,
    Unknown,  // it could not be looked at; most often because that takes root
    Fault,
};

std::string_view verdict_name(Verdict verdict);

struct Finding {
    std::string_view check;  // the name in check_table.h
    std::string stick;       // its ID; empty: it concerns the whole machine
    Verdict verdict = Verdict::Good;
    std::string_view fault;  // empty, or fault_name()
    std::string text;
    std::string mend;  // the command or change that mends the fault, or that lifts the doubt
};

/// Shape:   one check after the other is begun, and says what it sees; all() keeps the order.
/// Thread:  the thread that made it.
class Findings final {
public:
    void begin(std::string_view check) { check_ = check; }

    void good(std::string text, const std::string& stick = {});
    void unknown(std::string text, std::string mend, const std::string& stick = {});
    void fault(Fault fault, std::string text, std::string mend, const std::string& stick = {});

    const std::vector<Finding>& all() const { return all_; }

private:
    std::string_view check_;
    std::vector<Finding> all_;
};

}  // namespace minikvm
