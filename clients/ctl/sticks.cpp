// SPDX-License-Identifier: MIT
// Finding the sticks.

#include "clients/ctl/sticks.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "protocol/errors.h"

namespace minikvm {
namespace {

std::vector<std::string> ids_in(const std::string& directory) {
    // A directory that is not there, or vanishes meanwhile, has no sticks.
    std::error_code ignored;
    std::vector<std::string> ids;
    for (auto entry = std::filesystem::directory_iterator(directory, ignored);
         entry != std::filesystem::directory_iterator(); entry.increment(ignored)) {
        if (entry->is_directory(ignored)) {
            ids.push_back(entry->path().filename());
        }
    }
    std::ranges::sort(ids);
    return ids;
}

}  // namespace

Result<std::vector<ReachableStick>> reachable_sticks(const std::string& directory) {
    std::vector<ReachableStick> sticks;
    for (const std::string& id : ids_in(directory)) {
        Result<ControlClient> client =
            ControlClient::connect(fmt::format("{}/{}/control", directory, id));
        if (client) {
            sticks.push_back({id, std::move(*client)});
        } else if (!is_no_daemon(client.error())) {
            return tl::unexpected<Error>(std::move(client.error()));
        }
    }
    return sticks;
}

Result<std::vector<ReachableStick>> wanted_sticks(std::vector<ReachableStick> sticks,
                                                  const std::string& wanted) {
    if (sticks.empty()) {
        return errno_error(-ENODEV, "no Mini-KVM is plugged in");
    }
    if (wanted.empty()) {
        return sticks;
    }
    for (ReachableStick& stick : sticks) {
        const bool named = stick.id == wanted || MINIKVM_TRY(stick.client.get("name")) == wanted;
        if (named) {
            std::vector<ReachableStick> found;
            found.push_back(std::move(stick));
            return found;
        }
    }
    return errno_error(-ENODEV,
                       fmt::format("no stick is called {}; there are: {}", wanted, ids_of(sticks)));
}

Result<std::vector<ReachableStick>> find_sticks(const std::string& directory,
                                                const std::string& wanted) {
    return wanted_sticks(MINIKVM_TRY(reachable_sticks(directory)), wanted);
}

Result<ReachableStick> find_one_stick(const std::string& directory, const std::string& wanted) {
    std::vector<ReachableStick> sticks = MINIKVM_TRY(find_sticks(directory, wanted));
    if (sticks.size() > 1) {
        return make_error(ControlError::BadRequest,
                          fmt::format("there are several sticks: {}; say which one with --stick",
                                      ids_of(sticks)));
    }
    return std::move(sticks.front());
}

std::string ids_of(const std::vector<ReachableStick>& sticks) {
    std::string ids;
    for (const ReachableStick& stick : sticks) {
        ids += (ids.empty() ? "" : " ") + stick.id;
    }
    return ids;
}

}  // namespace minikvm
