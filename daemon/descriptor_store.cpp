// SPDX-License-Identifier: MIT
// Descriptors in systemd's hands.

#include "daemon/descriptor_store.h"

#include <stdlib.h>
#include <systemd/sd-daemon.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include <fmt/format.h>

namespace minikvm {
namespace {

constexpr std::chrono::microseconds kLongestBarrier = std::chrono::seconds(5);
constexpr pid_t kThisProcess = 0;
constexpr int kKeepEnvironment = 0;
constexpr int kUnsetEnvironment = 1;

struct NamesDeleter {
    void operator()(char** names) const {
        for (char** name = names; *name != nullptr; ++name) {
            // The list and its strings are libsystemd's, from malloc().
            // NOLINTNEXTLINE(cppcoreguidelines-no-malloc)
            ::free(*name);
        }
        ::free(static_cast<void*>(names));
    }
};
using NamesPtr = std::unique_ptr<char*, NamesDeleter>;

// systemd drops the name, and not the descriptor, of one that it does not like.
bool is_name(const std::string& name) {
    constexpr std::size_t kLongestName = 255;
    for (const char letter : name) {
        if (letter < ' ' || letter > '~' || letter == ':') {
            return false;
        }
    }
    return !name.empty() && name.size() <= kLongestName;
}

}  // namespace

Result<DescriptorStore> DescriptorStore::create() {
    DescriptorStore store;
    char** list = nullptr;
    const int count = sd_listen_fds_with_names(kUnsetEnvironment, &list);
    const NamesPtr names(list);
    if (count < 0) {
        return errno_error(count, "take over descriptors from the service manager");
    }
    for (int index = 0; index < count; ++index) {
        store.inherited_[names.get()[index]].emplace_back(SD_LISTEN_FDS_START + index);
    }
    return store;
}

std::vector<UniqueFd> DescriptorStore::take(const std::string& name) {
    const auto found = inherited_.find(name);
    if (found == inherited_.end()) {
        return {};
    }
    std::vector<UniqueFd> fds = std::move(found->second);
    inherited_.erase(found);
    return fds;
}

std::vector<std::string> DescriptorStore::untaken() const {
    std::vector<std::string> names;
    names.reserve(inherited_.size());
    for (const auto& [name, fds] : inherited_) {
        names.push_back(name);
    }
    return names;
}

Result<void> DescriptorStore::keep(const std::string& name, std::span<const int> fds) {
    if (!is_name(name)) {
        return errno_error(-EINVAL, "keep a descriptor as \"" + name + "\"");
    }
    const std::string message = fmt::format("FDSTORE=1\nFDNAME={}\nFDPOLL=0", name);
    const int sent = sd_pid_notify_with_fds(kThisProcess, kKeepEnvironment, message.c_str(),
                                            fds.data(), static_cast<unsigned>(fds.size()));
    return sent < 0 ? Result<void>(errno_error(sent, "keep descriptor " + name)) : Result<void>();
}

Result<void> DescriptorStore::forget(const std::string& name) {
    inherited_.erase(name);
    return release(name);
}

Result<void> DescriptorStore::release(const std::string& name) {
    const int sent =
        sd_notify(kKeepEnvironment, fmt::format("FDSTOREREMOVE=1\nFDNAME={}", name).c_str());
    if (sent == 0) {
        return {};  // nobody keeps anything
    }
    const int answered =
        sent < 0 ? sent
                 : sd_notify_barrier(kKeepEnvironment,
                                     static_cast<std::uint64_t>(kLongestBarrier.count()));
    return answered < 0 ? Result<void>(errno_error(answered, "forget descriptor " + name))
                        : Result<void>();
}

}  // namespace minikvm
