// SPDX-License-Identifier: MIT
// minikvmctl status: one screen about each stick.

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/status_screen.h"
#include "clients/ctl/sticks.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

class StatusCommand final : public Command {
public:
    explicit StatusCommand(CommandLine program)
        : Command(program, "status", "Show on one screen how a stick is") {}

    ExitStatus run(const CommandOptions& options) override {
        Result<std::vector<ReachableStick>> sticks = find_sticks(options.directory, options.stick);
        if (!sticks) {
            return complain(sticks.error());
        }
        const TextStyle style = TextStyle::for_output();
        ordered_json found = ordered_json::array();
        std::string screens;
        ExitStatus status = ExitStatus::Done;
        for (ReachableStick& stick : *sticks) {
            const Result<StickValues> values = watch_all(stick.client);
            if (!values) {
                status = complain(values.error());
                continue;
            }
            found.push_back({{"stick", stick.id},
                             {"values", values->all()},
                             {"problems", problems_of(*values)}});
            screens += (screens.empty() ? "" : "\n") + status_screen(stick.id, *values, style);
        }
        if (options.json) {
            print_json(found);
        } else {
            fmt::print("{}", screens);
        }
        return status;
    }
};

}  // namespace

std::unique_ptr<Command> make_status_command(CommandLine program) {
    return std::make_unique<StatusCommand>(program);
}

}  // namespace minikvm
