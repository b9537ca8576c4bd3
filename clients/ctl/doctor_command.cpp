// SPDX-License-Identifier: MIT
// minikvmctl doctor: everything between the plug and the picture, and how to mend it.

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/doctor/check_table.h"
#include "clients/ctl/output.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

// The stick that is meant, by its ID or by the name that its daemon knows.
std::string wanted_id(const Examination& examination, const std::string& wanted) {
    for (const StickTree& tree : examination.trees()) {
        if (tree.value("name") == wanted) {
            return tree.id;
        }
    }
    return wanted;
}

std::vector<Finding> findings_about(const Examination& examination, const std::string& wanted) {
    std::vector<Finding> findings = run_checks(examination).all();
    if (!wanted.empty()) {
        const std::string id = wanted_id(examination, wanted);
        std::erase_if(findings, [&](const Finding& finding) {
            return !finding.stick.empty() && finding.stick != id;
        });
    }
    return findings;
}

ordered_json text_or_null(std::string_view text) {
    return text.empty() ? ordered_json() : ordered_json(text);
}

ordered_json json_of(const std::vector<Finding>& findings) {
    ordered_json list = ordered_json::array();
    for (const Finding& finding : findings) {
        list.push_back({{"check", finding.check},
                        {"stick", text_or_null(finding.stick)},
                        {"verdict", verdict_name(finding.verdict)},
                        {"fault", text_or_null(finding.fault)},
                        {"text", finding.text},
                        {"mend", text_or_null(finding.mend)}});
    }
    return list;
}

void print(const Finding& finding) {
    const std::string stick = finding.stick.empty() ? "" : finding.stick + ": ";
    const std::string fault = finding.fault.empty() ? "" : fmt::format(" ({})", finding.fault);
    print_line(fmt::format("{:<8} {:<14} {}{}{}", verdict_name(finding.verdict), finding.check,
                           stick, finding.text, fault));
    if (!finding.mend.empty()) {
        print_line(fmt::format("{:<8} {:<14} -> {}", "", "", finding.mend));
    }
}

class DoctorCommand final : public Command {
public:
    explicit DoctorCommand(CommandLine program)
        : Command(program, "doctor", "Say what is wrong between the plug and the picture") {}

    ExitStatus run(const CommandOptions& options) override {
        const Machine machine = Machine::here();
        const Examination examination(machine, read_trees(machine, options.directory));
        const std::vector<Finding> findings = findings_about(examination, options.stick);
        const bool healthy = std::ranges::none_of(
            findings, [](const Finding& finding) { return finding.verdict == Verdict::Fault; });
        if (options.json) {
            print_json({{"healthy", healthy}, {"findings", json_of(findings)}});
        } else {
            std::ranges::for_each(findings, print);
        }
        return healthy ? ExitStatus::Done : ExitStatus::Failed;
    }
};

}  // namespace

std::unique_ptr<Command> make_doctor_command(CommandLine program) {
    return std::make_unique<DoctorCommand>(program);
}

}  // namespace minikvm
