// SPDX-License-Identifier: MIT
// StartedProcess: a child of the test, which does not outlive it.

#pragma once

#include <poll.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

namespace minikvm {

/// Shape:   holds the ID that fork or posix_spawn gives; killed by destruction if it still runs.
class StartedProcess {
public:
    StartedProcess() = default;
    StartedProcess(const StartedProcess&) = delete;
    StartedProcess& operator=(const StartedProcess&) = delete;
    ~StartedProcess() {
        signal(SIGKILL);
        wait();
    }

    void reset(pid_t id) { id_ = id; }
    void signal(int number) const {
        if (id_ > 0) {  // kill takes -1 for everybody
            ::kill(id_, number);
        }
    }

    /// The exit status, or minus the signal that ended it; -1 where there is none to wait for.
    int wait() {
        int status = 0;
        if (id_ <= 0 || ::waitpid(id_, &status, 0) < 0) {
            return -1;
        }
        id_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    pid_t id_ = -1;
};

/// What exec takes of a command, which must outlive it.
inline std::vector<char*> argument_pointers(std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (std::string& word : command) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    return arguments;
}

/// Appends what comes within ten seconds; false at the end, or when nothing does.
inline bool read_more(int fd, std::string& text) {
    constexpr int kLongestWaitMs = 10000;
    pollfd ready{fd, POLLIN, 0};
    std::array<char, 4096> buffer{};
    if (::poll(&ready, 1, kLongestWaitMs) <= 0) {
        return false;
    }
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    text.append(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    return count > 0;
}

}  // namespace minikvm
