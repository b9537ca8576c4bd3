// SPDX-License-Identifier: MIT
// Which sticks have a daemon that can be asked.

#pragma once

#include <string>
#include <vector>

#include "clients/ctl/control_client.h"
#include "common/result.h"

namespace minikvm {

/// A stick that answers.
struct ReachableStick {
    std::string id;
    ControlClient client;
};

/// The sticks whose control socket is DIRECTORY/ID/control, sorted by ID.
/// Errors:  EACCES when a socket is there but not for us. Sockets that nobody answers are left out:
///          their daemon is just starting or ending.
Result<std::vector<ReachableStick>> reachable_sticks(const std::string& directory);

/// Those that `wanted` names by ID or by name; all of them when it is empty.
/// Errors:  ENODEV when there is none; the context says which there are.
Result<std::vector<ReachableStick>> wanted_sticks(std::vector<ReachableStick> sticks,
                                                  const std::string& wanted);

/// The sticks that a command is for: those in `directory` that `wanted` names.
Result<std::vector<ReachableStick>> find_sticks(const std::string& directory,
                                                const std::string& wanted);

/// The one stick that a command which changes something is for.
/// Errors:  ENODEV as above; ControlError::BadRequest when it could be several.
Result<ReachableStick> find_one_stick(const std::string& directory, const std::string& wanted);

/// The IDs with spaces between them.
std::string ids_of(const std::vector<ReachableStick>& sticks);

}  // namespace minikvm
