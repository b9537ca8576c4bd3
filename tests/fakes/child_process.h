// SPDX-License-Identifier: MIT
// ChildProcess: a program of ours run as a user would run it, with its output read back.

#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "common/unique_fd.h"

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
        std::vector<char*> arguments;
        for (std::string& word : command) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        ::posix_spawn(&process_, arguments.front(), &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess() {
        if (process_ > 0) {
            ::kill(process_, SIGKILL);
            wait();
        }
    }

    /// The next line of standard output, without its end.
    std::string read_line() {
        while (text_.find('\n') == std::string::npos) {
            if (!read_into(output_, text_)) {
                return "(nothing)";
            }
        }
        const std::string line = text_.substr(0, text_.find('\n'));
        text_.erase(0, line.size() + 1);
        return line;
    }

    /// All that is left of standard output and of standard error.
    std::string output() {
        while (read_into(output_, text_)) {
        }
        return text_;
    }
    std::string errors() {
        std::string text;
        while (read_into(errors_, text)) {
        }
        return text;
    }

    void signal(int number) const { ::kill(process_, number); }

    /// The exit status, or minus the signal that ended it.
    int wait() {
        int status = 0;
        if (process_ <= 0 || ::waitpid(process_, &status, 0) < 0) {
            return -1;
        }
        process_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    static bool read_into(const UniqueFd& fd, std::string& text) {
        constexpr int kLongestWaitMs = 10000;
        pollfd ready{fd.get(), POLLIN, 0};
        std::array<char, 4096> buffer{};
        if (::poll(&ready, 1, kLongestWaitMs) <= 0) {
            return false;
        }
        const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
        text.append(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
        return count > 0;
    }

    pid_t process_ = -1;
    UniqueFd output_;
    UniqueFd errors_;
    std::string text_;
};

}  // namespace minikvm
