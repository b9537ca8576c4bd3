// SPDX-License-Identifier: MIT
// A fork whose parent waits.

#include "clients/fs/background.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace minikvm {
namespace {

[[noreturn]] void wait_and_exit(int ready, pid_t child) {
    char byte = 0;
    ssize_t count = 0;
    do {
        count = ::read(ready, &byte, 1);
    } while (count < 0 && errno == EINTR);
    if (count == 1) {
        ::_exit(0);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

}  // namespace

Result<Background> Background::begin() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return errno_error("make a pipe");
    }
    UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    const pid_t child = ::fork();
    if (child < 0) {
        return errno_error("go to the background");
    }
    if (child > 0) {
        writer.reset();
        wait_and_exit(reader.get(), child);
    }
    return Background(std::move(writer));
}

Result<void> Background::finish() {
    const UniqueFd nowhere(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!nowhere) {
        return errno_error("open /dev/null");
    }
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::dup2(nowhere.get(), standard) < 0) {
            return errno_error("leave the terminal");
        }
    }
    if (::setsid() < 0 || ::chdir("/") != 0 || ::write(parent_.get(), "", 1) != 1) {
        return errno_error("go to the background");
    }
    parent_.reset();
    return {};
}

}  // namespace minikvm
