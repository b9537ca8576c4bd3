// SPDX-License-Identifier: MIT
// minikvmctl: the sticks' control sockets as commands.

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>
#include <exception>
#include <memory>
#include <string_view>

#include <CLI/CLI.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/completion.h"

namespace minikvm {
namespace {

class Minikvmctl final {
public:
    Minikvmctl() {
        app_.set_version_flag("--version", "minikvmctl " MINIKVM_VERSION);
        app_.require_subcommand(1);
        app_.add_option("--stick", options_.stick, "The stick's ID or name (default: all)");
        app_.add_flag("--json", options_.json, "Print JSON, see minikvmctl(1)");
        app_.add_option("--runtime-dir", options_.directory, "Where the sticks' sockets are")
            ->capture_default_str();
        app_.footer(
            "Exit status: 0 done, 1 failed, 2 wrong usage, 3 no such stick, 4 not allowed, "
            "5 not verified.\nSee minikvmctl(1).");
        std::ranges::transform(kCommands, commands_.begin(),
                               [this](MakeCommand make) { return make(CommandLine(app_)); });
    }

    ExitStatus run(int argc, char** argv) {
        // For the shells' scripts in completions/. What stands behind it is half a command line,
        // which is nothing to parse.
        if (argc > 1 && argv[1] == std::string_view("--complete")) {
            print_completion(complete(app_, {argv + 2, argv + argc}));
            return ExitStatus::Done;
        }
        // CLI11 says by exception that the command line is wrong, or that help was asked for.
        try {
            app_.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            return app_.exit(error) == 0 ? ExitStatus::Done : ExitStatus::Usage;
        }
        const auto asked = std::ranges::find_if(
            commands_, [](const auto& command) { return command->is_asked_for(); });
        assert(asked != commands_.end());  // CLI11 has seen to it
        return (*asked)->run(options_);
    }

private:
    CommandOptions options_{.directory = "/run/minikvm", .stick = {}, .json = false};
    CLI::App app_{"Shows and changes what a Mini-KVM stick does.", "minikvmctl"};
    std::array<std::unique_ptr<Command>, kCommands.size()> commands_;
};

}  // namespace
}  // namespace minikvm

int main(int argc, char** argv) {
    try {
        return static_cast<int>(minikvm::Minikvmctl().run(argc, argv));
    } catch (const std::exception& error) {
        static_cast<void>(std::fputs(error.what(), stderr));
        return static_cast<int>(minikvm::ExitStatus::Failed);
    }
}
