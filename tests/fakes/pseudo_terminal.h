// SPDX-License-Identifier: MIT
// PseudoTerminal: a tty whose other end is the test.

#pragma once

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/unique_fd.h"

namespace minikvm {

class PseudoTerminal {
public:
    PseudoTerminal() : far_end_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)) {
        std::array<char, 64> name{};
        if (::grantpt(far_end_.get()) == 0 && ::unlockpt(far_end_.get()) == 0 &&
            ::ptsname_r(far_end_.get(), name.data(), name.size()) == 0) {
            node_ = name.data();
        }
    }

    const std::string& node() const { return node_; }
    int far_end() const { return far_end_.get(); }

    void say(std::span<const std::uint8_t> bytes) const {
        const ssize_t count = ::write(far_end_.get(), bytes.data(), bytes.size());
        static_cast<void>(count);  // a test that lost bytes sees it in what it waits for
    }

    /// What has come through, waiting for `count` bytes for as long as a second.
    std::vector<std::uint8_t> hear(std::size_t count) const {
        std::vector<std::uint8_t> heard;
        pollfd waiting{far_end_.get(), POLLIN, 0};
        while (heard.size() < count && ::poll(&waiting, 1, 1000) == 1) {
            std::array<std::uint8_t, 256> buffer{};
            const ssize_t got = ::read(far_end_.get(), buffer.data(), buffer.size());
            if (got <= 0) {
                break;
            }
            heard.insert(heard.end(), buffer.begin(), buffer.begin() + got);
        }
        return heard;
    }

    /// Pulls the plug.
    void hang_up() { far_end_.reset(); }

private:
    UniqueFd far_end_;
    std::string node_;
};

}  // namespace minikvm
