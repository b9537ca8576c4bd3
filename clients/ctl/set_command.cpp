// SPDX-License-Identifier: MIT
// minikvmctl set: one value of one stick.

#include <nlohmann/json.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

class SetCommand final : public Command {
public:
    explicit SetCommand(CommandLine program)
        : Command(program, "set", "Change a value, and print what it then is") {
        line().add_argument("NAME", name_, "An attribute, such as usb/switch").required();
        line().add_argument("VALUE", value_, "Its new value, such as target").required();
    }

    ExitStatus run(const CommandOptions& options) override {
        Result<ReachableStick> stick = find_one_stick(options.directory, options.stick);
        if (!stick) {
            return complain(stick.error());
        }
        const Result<std::string> now = stick->client.set(name_, value_);
        if (!now) {
            return complain(now.error());
        }
        if (options.json) {
            print_json(ordered_json::array({{{"stick", stick->id}, {"values", {{name_, *now}}}}}));
        } else if (!now->empty()) {
            print_line(*now);
        }
        return ExitStatus::Done;
    }

private:
    std::string name_;
    std::string value_;
};

}  // namespace

std::unique_ptr<Command> make_set_command(CommandLine program) {
    return std::make_unique<SetCommand>(program);
}

}  // namespace minikvm
