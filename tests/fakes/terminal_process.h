// SPDX-License-Identifier: MIT
// TerminalProcess: a program of ours run in a terminal, by a person who reads and types.

#pragma once

#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "common/unique_fd.h"
#include "tests/fakes/started_process.h"

namespace minikvm {

/// Shape:   started by construction, killed by destruction if it still runs. The terminal has 80
///          columns and 24 lines. The environment is what `env` makes of it: {"env", "A=1", ...}.
///          Every wait ends after ten seconds.
class TerminalProcess {
public:
    explicit TerminalProcess(std::vector<std::string> command) {
        const std::vector<char*> arguments = argument_pointers(command);
        const winsize size{24, 80, 0, 0};
        int person = -1;
        const pid_t child = ::forkpty(&person, nullptr, nullptr, &size);
        if (child == 0) {
            ::execvp(arguments.front(), arguments.data());
            ::_exit(127);
        }
        process_.reset(child);
        person_.reset(person);
        termios first{};
        ::tcgetattr(person_.get(), &first);
        first_modes_ = first.c_lflag;
    }

    /// Reads until `text` was shown; false when it never is.
    bool shows(std::string_view text) {
        while (shown_.find(text) == std::string::npos) {
            if (!read_more(person_.get(), shown_)) {
                return false;
            }
        }
        return true;
    }

    /// All that it has shown, and shows until it ends.
    std::string shown() {
        // Its end is EIO: nobody has the terminal open any more.
        while (read_more(person_.get(), shown_)) {
        }
        return shown_;
    }

    void type(std::string_view keys) const {
        static_cast<void>(::write(person_.get(), keys.data(), keys.size()) == 0);
    }

    void signal(int number) const { process_.signal(number); }

    /// Whether the terminal echoes and takes lines, as it did at first.
    bool modes_are_as_at_first() const {
        termios now{};
        ::tcgetattr(person_.get(), &now);
        return now.c_lflag == first_modes_;
    }

    /// The exit status, or minus the signal that ended it.
    int wait() {
        shown();  // a terminal that nobody reads would hold it up
        return process_.wait();
    }

private:
    StartedProcess process_;
    UniqueFd person_;
    tcflag_t first_modes_ = 0;
    std::string shown_;
};

}  // namespace minikvm
