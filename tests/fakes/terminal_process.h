// SPDX-License-Identifier: MIT
// TerminalProcess: a program of ours run in a terminal, by a person who reads and types.

#pragma once

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "common/unique_fd.h"

namespace minikvm {

/// Shape:   started by construction, killed by destruction if it still runs. The terminal has 80
///          columns and 24 lines. The environment is what `env` makes of it: {"env", "A=1", ...}.
///          Every wait ends after ten seconds.
class TerminalProcess {
public:
    explicit TerminalProcess(std::vector<std::string> command) {
        std::vector<char*> arguments;
        for (std::string& word : command) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        const winsize size{24, 80, 0, 0};
        int person = -1;
        process_ = ::forkpty(&person, nullptr, nullptr, &size);
        if (process_ == 0) {
            ::execvp(arguments.front(), arguments.data());
            ::_exit(127);
        }
        person_.reset(person);
        termios first{};
        ::tcgetattr(person_.get(), &first);
        first_modes_ = first.c_lflag;
    }
    TerminalProcess(const TerminalProcess&) = delete;
    TerminalProcess& operator=(const TerminalProcess&) = delete;
    ~TerminalProcess() {
        if (process_ > 0) {
            ::kill(process_, SIGKILL);
            wait();
        }
    }

    /// Reads until `text` was shown; false when it never is.
    bool shows(std::string_view text) {
        while (shown_.find(text) == std::string::npos) {
            if (!read_more()) {
                return false;
            }
        }
        return true;
    }

    /// All that it has shown, and shows until it ends.
    std::string shown() {
        while (read_more()) {
        }
        return shown_;
    }

    void type(std::string_view keys) const {
        static_cast<void>(::write(person_.get(), keys.data(), keys.size()) == 0);
    }

    void signal(int number) const { ::kill(process_, number); }

    /// Whether the terminal echoes and takes lines, as it did at first.
    bool modes_are_as_at_first() const {
        termios now{};
        ::tcgetattr(person_.get(), &now);
        return now.c_lflag == first_modes_;
    }

    /// The exit status, or minus the signal that ended it.
    int wait() {
        shown();  // a terminal that nobody reads would hold it up
        int status = 0;
        if (process_ <= 0 || ::waitpid(process_, &status, 0) < 0) {
            return -1;
        }
        process_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    bool read_more() {
        constexpr int kLongestWaitMs = 10000;
        pollfd ready{person_.get(), POLLIN, 0};
        std::array<char, 4096> buffer{};
        if (::poll(&ready, 1, kLongestWaitMs) <= 0) {
            return false;
        }
        // EIO: nobody has the terminal open any more.
        const ssize_t count = ::read(person_.get(), buffer.data(), buffer.size());
        shown_.append(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
        return count > 0;
    }

    pid_t process_ = -1;
    UniqueFd person_;
    tcflag_t first_modes_ = 0;
    std::string shown_;
};

}  // namespace minikvm
