// SPDX-License-Identifier: MIT
// Where udev takes its rules from.

#pragma once

#include <string>
#include <vector>

#include "clients/ctl/doctor/machine.h"

namespace minikvm {

/// The file of this name that counts: the first in udev's order of directories (udev(7)). Empty:
/// there is none.
std::string rules_path(const Machine& machine, const std::string& name);

/// The files that count and whose names have `part` in them.
std::vector<std::string> rules_with(const Machine& machine, const std::string& part);

}  // namespace minikvm
