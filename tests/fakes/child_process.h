// SPDX-License-Identifier: MIT
// ChildProcess: a program of ours run as a user would run it, with its output read back.

#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "common/unique_fd.h"
#include "tests/fakes/started_process.h"

namespace minikvm {

/// Shape:   started by construction, killed by destruction if it still runs.
///          Every wait ends after ten seconds.
class ChildProcess {
public:
    explicit ChildProcess(std::vector<std::string> command) {
        std::array<int, 2> output{};
        std::array<int, 2> errors{};
        if (::pipe2(output.data(), O_CLOEXEC) != 0 || ::pipe2(errors.data(), O_CLOEXEC) != 0) {
            return;
        }
        output_.reset(output[0]);
        errors_.reset(errors[0]);
        const UniqueFd output_end(output[1]);
        const UniqueFd errors_end(errors[1]);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, output_end.get(), STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, errors_end.get(), STDERR_FILENO);
        const std::vector<char*> arguments = argument_pointers(command);
        pid_t child = -1;
        ::posix_spawn(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
        process_.reset(child);
        posix_spawn_file_actions_destroy(&actions);
    }

    /// The next line of standard output, without its end.
    std::string read_line() {
        while (text_.find('\n') == std::string::npos) {
            if (!read_more(output_.get(), text_)) {
                return "(nothing)";
            }
        }
        const std::string line = text_.substr(0, text_.find('\n'));
        text_.erase(0, line.size() + 1);
        return line;
    }

    /// All that is left of standard output and of standard error.
    std::string output() {
        while (read_more(output_.get(), text_)) {
        }
        return text_;
    }
    std::string errors() {
        std::string text;
        while (read_more(errors_.get(), text)) {
        }
        return text;
    }

    void signal(int number) const { process_.signal(number); }

    /// The exit status, or minus the signal that ended it.
    int wait() { return process_.wait(); }

private:
    StartedProcess process_;
    UniqueFd output_;
    UniqueFd errors_;
    std::string text_;
};

}  // namespace minikvm
