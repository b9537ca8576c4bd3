// SPDX-License-Identifier: MIT
// minikvmctl metrics: the sticks' values for a monitoring system.

#include <utility>

#include <fmt/format.h>

#include "clients/ctl/command_table.h"
#include "clients/ctl/open_metrics.h"
#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"

namespace minikvm {
namespace {

class MetricsCommand final : public Command {
public:
    explicit MetricsCommand(CommandLine program)
        : Command(program, "metrics", "Print counters and states as OpenMetrics text") {}

    ExitStatus run(const CommandOptions& options) override {
        if (options.json) {
            print_error("metrics: OpenMetrics is text and has no JSON; status --json has");
            return ExitStatus::Usage;
        }
        Result<std::vector<ReachableStick>> sticks = reachable_sticks(options.directory);
        if (sticks && !options.stick.empty()) {
            sticks = wanted_sticks(std::move(*sticks), options.stick);
        }
        if (!sticks) {
            return complain(sticks.error());
        }
        std::vector<MeasuredStick> measured;
        for (ReachableStick& stick : *sticks) {
            Result<StickValues> values = watch_all(stick.client);
            if (!values) {
                // Half an exposition would pass for a whole one.
                return complain(values.error());
            }
            measured.push_back({stick.id, std::move(*values)});
        }
        fmt::print("{}", open_metrics(measured));
        return ExitStatus::Done;
    }
};

}  // namespace

std::unique_ptr<Command> make_metrics_command(CommandLine program) {
    return std::make_unique<MetricsCommand>(program);
}

}  // namespace minikvm
