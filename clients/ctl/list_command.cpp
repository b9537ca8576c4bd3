// SPDX-License-Identifier: MIT
// minikvmctl list: one line a stick.

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

// The first of several cameras, "-" for none.
std::string first_camera(const std::string& cameras) {
    const std::string first = cameras.substr(0, cameras.find(' '));
    return first.empty() || first == "unknown" ? "-" : first;
}

Result<void> print_stick(ReachableStick& stick, ordered_json* sticks) {
    const std::string name = MINIKVM_TRY(stick.client.get("name"));
    const std::string state = MINIKVM_TRY(stick.client.get("state"));
    const std::string camera = first_camera(MINIKVM_TRY(stick.client.get("video/cameras")));
    if (sticks == nullptr) {
        print_line(fmt::format("{} {} {} {}", stick.id, name, state, camera));
    } else {
        sticks->push_back({{"id", stick.id},
                           {"name", name},
                           {"state", state},
                           {"camera", camera == "-" ? ordered_json() : ordered_json(camera)}});
    }
    return {};
}

class ListCommand final : public Command {
public:
    explicit ListCommand(CommandLine program)
        : Command(program, "list", "One line a stick: ID NAME STATE CAMERA") {}

    ExitStatus run(const CommandOptions& options) override {
        Result<std::vector<ReachableStick>> sticks = reachable_sticks(options.directory);
        if (sticks && !options.stick.empty()) {
            sticks = wanted_sticks(std::move(*sticks), options.stick);
        }
        if (!sticks) {
            return complain(sticks.error());
        }
        ordered_json found = ordered_json::array();
        ExitStatus status = ExitStatus::Done;
        for (ReachableStick& stick : *sticks) {
            const Result<void> printed = print_stick(stick, options.json ? &found : nullptr);
            if (!printed) {
                status = complain(printed.error());
            }
        }
        if (options.json) {
            print_json(found);
        }
        return status;
    }
};

}  // namespace

std::unique_ptr<Command> make_list_command(CommandLine program) {
    return std::make_unique<ListCommand>(program);
}

}  // namespace minikvm
