// SPDX-License-Identifier: MIT
// A child process whose output is read to its end.

#include "clients/ctl/doctor/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "common/unique_fd.h"

namespace minikvm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{20};
constexpr std::size_t kMostBytes = 8U << 20U;

/// File actions of posix_spawn: the child writes into `output` and has no other files.
class SpawnActions final {
public:
    explicit SpawnActions(int output) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }

    const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

pid_t start(std::vector<std::string> words, int output) {
    const SpawnActions actions(output);
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    pid_t process = 0;
    const int failed = ::posix_spawnp(&process, arguments.front(), actions.get(), nullptr,
                                      arguments.data(), environ);
    return failed == 0 ? process : -1;
}

/// False when it took too long, or wrote too much.
bool read_to_end(int fd, std::string& text) {
    const Clock::time_point end = Clock::now() + kPatience;
    std::array<char, 65536> buffer{};
    while (text.size() < kMostBytes) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
        pollfd ready{fd, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) {
            return false;
        }
        const ssize_t count = ::read(fd, buffer.data(), buffer.size());
        if (count <= 0) {
            return count == 0;
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return false;
}

}  // namespace

std::optional<std::string> output_of(const std::vector<std::string>& words) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) < 0) {
        return std::nullopt;
    }
    const UniqueFd reading(ends[0]);
    UniqueFd writing(ends[1]);
    const pid_t process = start(words, writing.get());
    if (process < 0) {
        return std::nullopt;
    }
    writing.reset();
    std::string text;
    if (!read_to_end(reading.get(), text)) {
        ::kill(process, SIGKILL);
    }
    int status = 0;
    ::waitpid(process, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? std::optional(text) : std::nullopt;
}

}  // namespace minikvm
