// SPDX-License-Identifier: MIT
// Reading the bus and the control trees.

#include "clients/ctl/doctor/examination.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "clients/ctl/control_client.h"

namespace minikvm {
namespace {

constexpr auto kNames = std::to_array<const char*>({
    "name",
    "state",
    "hdmi/connected",
    "hdmi/mode",
    "input/target",
    "input/problem",
    "serial/baud_bd",
    "chip/video/firmware",
    "chip/video/problem",
    "usb/problem",
    "video/broken",
    "video/cameras",
    "video/frames",
    "video/problem",
});

/// Nothing when there is no daemon, of which the services have more to say.
std::optional<StickTree> ask(const std::string& id, const std::string& socket) {
    StickTree tree;
    tree.id = id;
    Result<ControlClient> client = ControlClient::connect(socket);
    if (!client) {
        if (is_no_daemon(client.error())) {
            return std::nullopt;
        }
        tree.refusal = client.error().message();
        tree.is_forbidden = client.error().code == std::errc::permission_denied;
        return tree;
    }
    for (const char* name : kNames) {
        const Result<std::string> value = client->get(name);
        if (value) {
            tree.values[name] = *value;
        } else if (value.error().code.category() == std::generic_category()) {
            tree.refusal = value.error().message();
            return tree;
        }
    }
    return tree;
}

}  // namespace

std::vector<StickTree> read_trees(const Machine& machine, const std::string& runtime_directory) {
    std::vector<StickTree> trees;
    for (const std::string& id : machine.names(runtime_directory)) {
        const std::string socket = fmt::format("{}/{}/control", runtime_directory, id);
        if (!machine.has(socket)) {
            continue;  // a mark of minikvm-id's, or the forwarder's own socket
        }
        if (std::optional<StickTree> tree = ask(id, machine.path(socket))) {
            trees.push_back(std::move(*tree));
        }
    }
    return trees;
}

std::string StickTree::value(const std::string& name) const {
    const auto found = values.find(name);
    return found == values.end() || found->second == "unknown" ? std::string() : found->second;
}

Examination::Examination(const Machine& machine, std::vector<StickTree> trees)
    : machine_(machine), usb_(usb_sticks(machine)), trees_(std::move(trees)) {
}

const StickTree* Examination::tree(const std::string& id) const {
    const auto found = std::ranges::find(trees_, id, &StickTree::id);
    return found == trees_.end() ? nullptr : &*found;
}

bool Examination::has_whole_stick() const {
    return std::ranges::any_of(usb_, &UsbStick::is_whole);
}

}  // namespace minikvm
