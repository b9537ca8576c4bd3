// SPDX-License-Identifier: MIT
// FakeServiceManager: the far end of NOTIFY_SOCKET, with a descriptor store as systemd has it.

#pragma once

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/unique_fd.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {

/// Shape:   receives from construction to destruction, on a thread of its own, since a sender that
///          waits behind a barrier blocks. Descriptors of a barrier are closed when everything
///          before it has been taken in, as systemd does.
class FakeServiceManager {
public:
    FakeServiceManager() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        const std::string path = directory_.path() + "/notify";
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(std::begin(address.sun_path), sizeof(address.sun_path) - 1);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bind(2) wants it so
        // One that is not bound hears nothing, and the test says so.
        static_cast<void>(
            ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)));
        // The receiving thread does not read the environment.
        ::setenv("NOTIFY_SOCKET", path.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
        thread_ = std::thread([this] { receive(); });
    }
    FakeServiceManager(const FakeServiceManager&) = delete;
    FakeServiceManager& operator=(const FakeServiceManager&) = delete;
    ~FakeServiceManager() {
        ::unsetenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe): as above
        ::shutdown(socket_.get(), SHUT_RDWR);
        thread_.join();
    }

    /// How many descriptors are kept under this name.
    std::size_t kept(const std::string& name) const {
        const std::lock_guard lock(mutex_);
        const auto found = store_.find(name);
        return found == store_.end() ? 0 : found->second.size();
    }

    /// All that was said, barriers left out.
    std::vector<std::string> messages() const {
        const std::lock_guard lock(mutex_);
        return messages_;
    }

private:
    static std::string value_of(const std::string& message, std::string_view key) {
        const std::size_t begin = message.find(key);
        return begin == std::string::npos
                   ? ""
                   : message.substr(begin + key.size(),
                                    message.find('\n', begin) - begin - key.size());
    }

    void receive() {
        for (;;) {
            std::array<char, 4096> text{};
            alignas(cmsghdr) std::array<char, CMSG_SPACE(16 * sizeof(int))> control{};
            iovec part{text.data(), text.size()};
            msghdr header{};
            header.msg_iov = &part;
            header.msg_iovlen = 1;
            header.msg_control = control.data();
            header.msg_controllen = control.size();
            const ssize_t size = ::recvmsg(socket_.get(), &header, MSG_CMSG_CLOEXEC);
            if (size <= 0) {
                return;
            }
            take_in(std::string(text.data(), static_cast<std::size_t>(size)), fds_of(header));
        }
    }

    static std::vector<UniqueFd> fds_of(msghdr& header) {
        std::vector<UniqueFd> fds;
        for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
             part = CMSG_NXTHDR(&header, part)) {
            if (part->cmsg_type != SCM_RIGHTS) {
                continue;
            }
            std::vector<int> numbers((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
            std::memcpy(numbers.data(), CMSG_DATA(part), numbers.size() * sizeof(int));
            for (const int number : numbers) {
                fds.emplace_back(number);
            }
        }
        return fds;
    }

    void take_in(const std::string& message, std::vector<UniqueFd> fds) {
        if (message.starts_with("BARRIER=1")) {
            return;  // closes the sender's pipe
        }
        const std::lock_guard lock(mutex_);
        messages_.push_back(message);
        const std::string name = value_of(message, "FDNAME=");
        if (message.starts_with("FDSTOREREMOVE=1")) {
            store_.erase(name);
        } else if (message.starts_with("FDSTORE=1")) {
            std::ranges::move(fds, std::back_inserter(store_[name]));
        }
    }

    TemporaryDirectory directory_;
    UniqueFd socket_;
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<UniqueFd>> store_;  // guarded by mutex_
    std::vector<std::string> messages_;                   // guarded by mutex_
    std::thread thread_;
};

}  // namespace minikvm
