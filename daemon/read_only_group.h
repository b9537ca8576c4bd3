// SPDX-License-Identifier: MIT
// The group whose members may read the control socket.

#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace minikvm {

/// The number of the group that control.read_only_group names; none for an empty name. A name that
/// no group has is logged. Thread: main, since it may ask the system's directory of users.
std::optional<gid_t> read_only_group(const std::string& name);

}  // namespace minikvm
