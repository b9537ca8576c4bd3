// SPDX-License-Identifier: MIT
// minikvmctl ls: what there is to get and set.

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

class LsCommand final : public Command {
public:
    explicit LsCommand(CommandLine program)
        : Command(program, "ls", "List attributes: NAME ACCESS") {
        line().add_argument("PREFIX", prefix_, "A folder, such as usb, or one name");
    }

    ExitStatus run(const CommandOptions& options) override {
        Result<std::vector<ReachableStick>> sticks = find_sticks(options.directory, options.stick);
        if (!sticks) {
            return complain(sticks.error());
        }
        ControlRequest request{ControlVerb::List, {}, {}};
        if (!prefix_.empty()) {
            request.names.push_back(prefix_);
        }
        ordered_json found = ordered_json::array();
        const LinePrefix line_prefix{.stick = sticks->size() > 1, .name = false};
        for (ReachableStick& stick : *sticks) {
            const Result<ControlReply> reply = stick.client.ask(request);
            if (!reply) {
                return complain(reply.error());
            }
            ordered_json attributes = ordered_json::array();
            for (const ControlAnswer& item : reply->items) {
                if (options.json) {
                    attributes.push_back({{"name", item.name}, {"access", item.text}});
                } else {
                    print_line(fmt::format("{}{} {}", line_prefix.text(stick.id, item.name),
                                           item.name, item.text));
                }
            }
            found.push_back({{"stick", stick.id}, {"attributes", std::move(attributes)}});
        }
        if (options.json) {
            print_json(found);
        }
        return ExitStatus::Done;
    }

private:
    std::string prefix_;
};

}  // namespace

std::unique_ptr<Command> make_ls_command(CommandLine program) {
    return std::make_unique<LsCommand>(program);
}

}  // namespace minikvm
