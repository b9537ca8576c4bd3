// SPDX-License-Identifier: MIT
// The processes of a machine, from /proc.

#pragma once

#include <string>
#include <vector>

#include "clients/ctl/doctor/machine.h"

namespace minikvm {

/// A process that has a device node open.
struct NodeHolder {
    std::string node;     // /dev/video0
    std::string process;  // its number
    std::string program;  // its name, cut at 15 characters by the kernel
};

/// The numbers of the processes with this name, as the kernel cuts it.
std::vector<std::string> processes_called(const Machine& machine, const std::string& program);

/// Who has one of `nodes` open. Limits: others' files are seen by root alone.
std::vector<NodeHolder> holders_of(const Machine& machine, const std::vector<std::string>& nodes);

}  // namespace minikvm
