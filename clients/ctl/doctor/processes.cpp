// SPDX-License-Identifier: MIT
// Walking /proc.

#include "clients/ctl/doctor/processes.h"

#include <algorithm>

#include <fmt/format.h>

namespace minikvm {
namespace {

std::vector<std::string> process_numbers(const Machine& machine) {
    std::vector<std::string> names = machine.names("/proc");
    std::erase_if(names, [](const std::string& name) {
        return name.find_first_not_of("0123456789") != std::string::npos;
    });
    return names;
}

std::string program_of(const Machine& machine, const std::string& process) {
    return machine.text(fmt::format("/proc/{}/comm", process));
}

}  // namespace

std::vector<std::string> processes_called(const Machine& machine, const std::string& program) {
    std::vector<std::string> processes = process_numbers(machine);
    std::erase_if(processes, [&](const std::string& process) {
        return program_of(machine, process) != program;
    });
    return processes;
}

std::vector<NodeHolder> holders_of(const Machine& machine, const std::vector<std::string>& nodes) {
    std::vector<NodeHolder> holders;
    for (const std::string& process : process_numbers(machine)) {
        const std::string files = fmt::format("/proc/{}/fd", process);
        std::vector<std::string> held;
        for (const std::string& file : machine.names(files)) {
            const std::string node = machine.link(files + "/" + file);
            if (std::ranges::find(nodes, node) != nodes.end() &&
                std::ranges::find(held, node) == held.end()) {
                held.push_back(node);
                holders.push_back({node, process, program_of(machine, process)});
            }
        }
    }
    return holders;
}

}  // namespace minikvm
