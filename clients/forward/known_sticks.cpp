// SPDX-License-Identifier: MIT
// Finding sticks by their sockets.

#include "clients/forward/known_sticks.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "configuration/configuration.h"

namespace minikvm {

std::vector<std::string> stick_ids_in(const std::string& directory) {
    // A directory that is not there, or vanishes meanwhile, has no sticks.
    std::error_code ignored;
    std::vector<std::string> ids;
    for (auto entry = std::filesystem::directory_iterator(directory, ignored);
         entry != std::filesystem::directory_iterator(); entry.increment(ignored)) {
        if (std::filesystem::is_socket(entry->path() / "input", ignored)) {
            ids.push_back(entry->path().filename());
        }
    }
    std::ranges::sort(ids);
    return ids;
}

std::optional<std::string> find_stick(const std::vector<std::string>& ids, const Settings& settings,
                                      std::string_view wanted) {
    const auto found = std::ranges::find_if(ids, [&](const std::string& id) {
        return id == wanted || configuration_of(settings, id).name == wanted;
    });
    return found == ids.end() ? std::nullopt : std::optional(*found);
}

}  // namespace minikvm
