// SPDX-License-Identifier: MIT
// Command: one word of minikvmctl's command line, with what it does.

#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "clients/ctl/exit_status.h"

namespace minikvm {

/// What every command takes.
struct CommandOptions {
    std::string directory;  // where the sticks' control sockets are
    std::string stick;      // ID or name; empty: all of them
    bool json = false;
};

/// Shape:   the constructor declares the command, its arguments and their help below `app`, which
///          must outlive it; run() is called when the command line asks for it.
///          A new command is one file and one line in command_table.h.
/// Errors:  run() has said on standard error what went wrong, and returns what the process shall
///          exit with; results go to standard output.
/// Thread:  main.
class Command {
public:
    Command(CLI::App& app, const std::string& name, const std::string& summary)
        : line_(*app.add_subcommand(name, summary)) {
        line_.fallthrough();  // the options of every command may also stand behind this one
    }
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;
    virtual ~Command() = default;

    bool is_asked_for() const { return line_.parsed(); }

    virtual ExitStatus run(const CommandOptions& options) = 0;

protected:
    CLI::App& line() { return line_; }

private:
    CLI::App& line_;
};

/// How a command is made; `app` must outlive it.
using MakeCommand = std::unique_ptr<Command> (*)(CLI::App& app);

}  // namespace minikvm
