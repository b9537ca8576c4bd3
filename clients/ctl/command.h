// SPDX-License-Identifier: MIT
// Command: one word of minikvmctl's command line, with what it does.

#pragma once

#include <memory>
#include <string>

#include "clients/ctl/command_line.h"
#include "clients/ctl/exit_status.h"

namespace minikvm {

/// What every command takes.
struct CommandOptions {
    std::string directory;  // where the sticks' control sockets are
    std::string stick;      // ID or name; empty: all of them
    bool json = false;
};

/// Shape:   the constructor declares the command, its arguments and their help in `program`;
///          run() is called when the command line asks for it.
///          A new command is one file and one line in command_table.h.
/// Errors:  run() has said on standard error what went wrong, and returns what the process shall
///          exit with; results go to standard output.
/// Thread:  main.
class Command {
public:
    Command(CommandLine program, const std::string& name, const std::string& summary)
        : line_(program.add_command(name, summary)) {}
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;
    virtual ~Command() = default;

    bool is_asked_for() const { return line_.is_asked_for(); }

    virtual ExitStatus run(const CommandOptions& options) = 0;

protected:
    CommandLine& line() { return line_; }

private:
    CommandLine line_;
};

/// How a command is made, as a part of `program`.
using MakeCommand = std::unique_ptr<Command> (*)(CommandLine program);

}  // namespace minikvm
