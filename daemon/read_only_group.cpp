// SPDX-License-Identifier: MIT
// Group names.

#include "daemon/read_only_group.h"

#include <grp.h>

#include <cerrno>
#include <vector>

#include "common/log.h"

namespace minikvm {

std::optional<gid_t> read_only_group(const std::string& name) {
    if (name.empty()) {
        return std::nullopt;
    }
    constexpr std::size_t kFirstBytes = 4096;
    group entry{};
    group* found = nullptr;
    std::vector<char> strings(kFirstBytes);
    // A group with many members needs more room, which only trying tells.
    while (::getgrnam_r(name.c_str(), &entry, strings.data(), strings.size(), &found) == ERANGE) {
        strings.resize(2 * strings.size());
    }
    if (found == nullptr) {
        log::warning(
            "client: control.read_only_group = \"{}\": there is no such group, so nobody "
            "has read-only access",
            name);
        return std::nullopt;
    }
    return entry.gr_gid;
}

}  // namespace minikvm
