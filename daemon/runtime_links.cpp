// SPDX-License-Identifier: MIT
// Symbolic links that change in one step.

#include "daemon/runtime_links.h"

#include <unistd.h>

#include <cstdio>

namespace minikvm {
namespace {

Result<void> remove_if_there(const std::string& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return errno_error("remove " + path);
    }
    return {};
}

}  // namespace

RuntimeLinks::~RuntimeLinks() {
    for (const auto& [name, node] : nodes_) {
        static_cast<void>(remove_if_there(path_of(name)));
    }
}

Result<void> RuntimeLinks::point(const std::string& name, const std::string& node) {
    const auto known = nodes_.find(name);
    if (known != nodes_.end() && known->second == node) {
        return {};
    }
    const std::string path = path_of(name);
    if (node.empty()) {
        nodes_.erase(name);
        return remove_if_there(path);
    }
    // rename() replaces in one step what symlink() refuses to replace at all.
    const std::string fresh = path + ".new";
    MINIKVM_TRY(remove_if_there(fresh));
    if (::symlink(node.c_str(), fresh.c_str()) != 0 || ::rename(fresh.c_str(), path.c_str()) != 0) {
        return errno_error("link " + path + " to " + node);
    }
    nodes_[name] = node;
    return {};
}

}  // namespace minikvm
