// SPDX-License-Identifier: MIT
// minikvmctl get: values as they are now.

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

class GetCommand final : public Command {
public:
    explicit GetCommand(CommandLine program) : Command(program, "get", "Print values") {
        line().add_argument("NAME", names_, "Attributes, such as usb/switch").required();
    }

    ExitStatus run(const CommandOptions& options) override {
        Result<std::vector<ReachableStick>> sticks = find_sticks(options.directory, options.stick);
        if (!sticks) {
            return complain(sticks.error());
        }
        ordered_json found = ordered_json::array();
        ExitStatus status = ExitStatus::Done;
        const LinePrefix prefix{.stick = sticks->size() > 1, .name = names_.size() > 1};
        for (ReachableStick& stick : *sticks) {
            ordered_json values = ordered_json::object();
            for (const std::string& name : names_) {
                const Result<std::string> value = stick.client.get(name);
                if (!value) {
                    status = complain(value.error());
                } else if (options.json) {
                    values[name] = *value;
                } else {
                    print_line(prefix.text(stick.id, name) + *value);
                }
            }
            found.push_back({{"stick", stick.id}, {"values", std::move(values)}});
        }
        if (options.json) {
            print_json(found);
        }
        return status;
    }

private:
    std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<Command> make_get_command(CommandLine program) {
    return std::make_unique<GetCommand>(program);
}

}  // namespace minikvm
