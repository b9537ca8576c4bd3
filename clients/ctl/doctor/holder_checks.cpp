// SPDX-License-Identifier: MIT
// Does somebody beside the daemon have the stick's own nodes open?

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"
#include "clients/ctl/doctor/processes.h"

namespace minikvm {
namespace {

// The service manager keeps the serial port for the daemon; udev looks at nodes when they appear.
constexpr auto kRightful =
    std::to_array<std::string_view>({"minikvmd", "systemd", "systemd-udevd", "(udev-worker)"});

bool is_rightful(const NodeHolder& holder) {
    return std::ranges::find(kRightful, holder.program) != kRightful.end();
}

std::vector<std::string> nodes_of(const UsbStick& stick) {
    std::vector<std::string> nodes;
    for (const std::optional<UsbHalf>* half : {&stick.capture, &stick.serial}) {
        for (const HalfNode& node : *half ? (*half)->nodes : std::vector<HalfNode>()) {
            nodes.push_back("/dev/" + node.name);
        }
    }
    return nodes;
}

void check_holders_of(const Machine& machine, const UsbStick& stick, Findings& findings) {
    std::vector<NodeHolder> holders = holders_of(machine, nodes_of(stick));
    std::erase_if(holders, is_rightful);
    for (const NodeHolder& holder : holders) {
        findings.fault(
            Fault::NodeTaken,
            fmt::format("{} (process {}) has {} open, which is the daemon's", holder.program,
                        holder.process, holder.node),
            fmt::format("end it: sudo kill {}; let it use /run/minikvm/{}/ instead: camera, "
                        "keyboard, mouse, control",
                        holder.process, stick.id),
            stick.id);
    }
    if (holders.empty()) {
        findings.good("nobody else has the stick's own nodes open", stick.id);
    }
}

}  // namespace

void check_holders(const Examination& examination, Findings& findings) {
    if (!examination.machine().user().is_root) {
        findings.unknown("who has the stick's own nodes open, only root can see",
                         "sudo minikvmctl doctor");
        return;
    }
    for (const UsbStick& stick : examination.usb()) {
        check_holders_of(examination.machine(), stick, findings);
    }
    if (examination.usb().empty()) {
        findings.good("there are no nodes that somebody could have open");
    }
}

}  // namespace minikvm
