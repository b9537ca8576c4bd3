// SPDX-License-Identifier: MIT
// Command lines in CLI11's words.

#include "clients/ctl/command_line.h"

#include <CLI/CLI.hpp>

namespace minikvm {

Argument Argument::required() {
    option_->required();
    return *this;
}

Argument Argument::one_of(const std::vector<std::string>& words) {
    option_->check(CLI::IsMember(words));
    return *this;
}

Argument Argument::between(int least, int most) {
    option_->check(CLI::Range(least, most));
    return *this;
}

Argument Argument::between(double least, double most) {
    option_->check(CLI::Range(least, most));
    return *this;
}

Argument Argument::existing_folder() {
    option_->check(CLI::ExistingDirectory);
    return *this;
}

Argument Argument::checked(Check check) {
    option_->check(check);
    return *this;
}

Argument Argument::values(int count) {
    option_->expected(count);
    return *this;
}

Argument Argument::show_default() {
    option_->capture_default_str();
    return *this;
}

Argument CommandLine::add_argument(const std::string& name, std::string& into,
                                   const std::string& help) {
    return Argument(*app_->add_option(name, into, help));
}

Argument CommandLine::add_argument(const std::string& name, int& into, const std::string& help) {
    return Argument(*app_->add_option(name, into, help));
}

Argument CommandLine::add_argument(const std::string& name, double& into, const std::string& help) {
    return Argument(*app_->add_option(name, into, help));
}

Argument CommandLine::add_argument(const std::string& name, std::vector<std::string>& into,
                                   const std::string& help) {
    return Argument(*app_->add_option(name, into, help));
}

Argument CommandLine::add_argument(const std::string& name, std::vector<double>& into,
                                   const std::string& help) {
    return Argument(*app_->add_option(name, into, help));
}

void CommandLine::add_flag(const std::string& name, bool& into, const std::string& help) {
    app_->add_flag(name, into, help);
}

CommandLine CommandLine::add_command(const std::string& name, const std::string& summary) {
    CLI::App& command = *app_->add_subcommand(name, summary);
    command.fallthrough();
    return CommandLine(command);
}

void CommandLine::require_command() {
    app_->require_subcommand(1);
}

bool CommandLine::is_asked_for() const {
    return app_->parsed();
}

}  // namespace minikvm
