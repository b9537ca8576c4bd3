// SPDX-License-Identifier: MIT
// minikvmctl: the sticks' control sockets as commands.

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "clients/ctl/commands.h"

namespace minikvm {
namespace {

class CommandLine final {
public:
    CommandLine() {
        app_.set_version_flag("--version", "minikvmctl " MINIKVM_VERSION);
        app_.require_subcommand(1);
        for (CLI::App* command : app_.get_subcommands({})) {
            command->fallthrough();  // options may also stand behind the command
        }
        app_.add_option("--stick", options_.stick, "The stick's ID or name (default: all)");
        app_.add_flag("--json", options_.json, "Print JSON, see minikvmctl(1)");
        app_.add_option("--runtime-dir", options_.directory, "Where the sticks' sockets are")
            ->capture_default_str();
        app_.footer(
            "Exit status: 0 done, 1 failed, 2 wrong usage, 3 no such stick, 4 not allowed, "
            "5 not verified.\nSee minikvmctl(1).");
        get_->add_option("NAME", names_, "Attributes, such as usb/switch")->required();
        set_->add_option("NAME", name_, "An attribute, such as usb/switch")->required();
        set_->add_option("VALUE", value_, "Its new value, such as target")->required();
        ls_->add_option("PREFIX", name_, "A folder, such as usb, or one name");
        watch_->add_option("NAME", names_, "Attributes or folders")->required();
    }

    void parse(int argc, char** argv) { app_.parse(argc, argv); }

    /// Says what was wrong with the command line, or the help that was asked for.
    ExitStatus explain(const CLI::ParseError& error) const {
        return app_.exit(error) == 0 ? ExitStatus::Done : ExitStatus::Usage;
    }

    ExitStatus run() const {
        if (list_->parsed()) {
            return list_sticks(options_);
        }
        if (get_->parsed()) {
            return get_values(options_, names_);
        }
        if (set_->parsed()) {
            return set_value(options_, name_, value_);
        }
        if (ls_->parsed()) {
            return list_attributes(options_, name_);
        }
        return watch_values(options_, names_);
    }

private:
    CommandOptions options_{.directory = "/run/minikvm", .stick = {}, .json = false};
    std::vector<std::string> names_;
    std::string name_;
    std::string value_;
    CLI::App app_{"Shows and changes what a Mini-KVM stick does.", "minikvmctl"};
    CLI::App* list_ = app_.add_subcommand("list", "One line a stick: ID NAME STATE CAMERA");
    CLI::App* get_ = app_.add_subcommand("get", "Print values");
    CLI::App* set_ = app_.add_subcommand("set", "Change a value, and print what it then is");
    CLI::App* ls_ = app_.add_subcommand("ls", "List attributes: NAME ACCESS");
    CLI::App* watch_ = app_.add_subcommand("watch", "Print values, again when they change");
};

}  // namespace
}  // namespace minikvm

int main(int argc, char** argv) {
    minikvm::CommandLine line;
    // CLI11 says by exception that the command line is wrong, or that help was asked for.
    try {
        line.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return static_cast<int>(line.explain(error));
    }
    return static_cast<int>(line.run());
}
