// SPDX-License-Identifier: MIT
// UniqueFd: the one owner of a file descriptor.

#pragma once

#include <unistd.h>

#include <utility>

namespace minikvm {

/// Shape:   owns a descriptor from the line that creates it; closes it when destroyed.
///          Functions that take a descriptor for keeps take a UniqueFd by value; functions
///          that only use one take an int.
/// Thread:  any thread, one at a time.
class UniqueFd final {
public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) : fd_(fd) {}
    UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept {
        if (this != &other) {
            reset(std::exchange(other.fd_, -1));
        }
        return *this;
    }
    UniqueFd(const UniqueFd&) = delete;
    UniqueFd& operator=(const UniqueFd&) = delete;
    ~UniqueFd() { reset(); }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

    void reset(int fd = -1) {
        const int old = std::exchange(fd_, fd);
        if (old >= 0) {
            ::close(old);
        }
    }
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }

private:
    int fd_ = -1;
};

}  // namespace minikvm
