// SPDX-License-Identifier: MIT
// Examination: what every check of the doctor may look at.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "clients/ctl/doctor/machine.h"
#include "clients/ctl/doctor/usb_sticks.h"

namespace minikvm {

/// What a stick's daemon says of it on its control socket.
struct StickTree {
    std::string id;
    std::string refusal;  // why it could not be asked; empty: it answered
    bool is_forbidden = false;
    std::map<std::string, std::string> values;

    /// Empty when it is not there, or not known.
    std::string value(const std::string& name) const;
};

/// What the daemons say whose control sockets are in `runtime_directory`: "/run/minikvm".
/// Limits: a daemon that does not answer costs 5 s.
std::vector<StickTree> read_trees(const Machine& machine, const std::string& runtime_directory);

/// Shape:   the USB bus is read once, when it is made.
/// Limits:  `machine` must outlive it.
/// Thread:  the thread that made it.
class Examination final {
public:
    Examination(const Machine& machine, std::vector<StickTree> trees);

    const Machine& machine() const { return machine_; }
    const std::vector<UsbStick>& usb() const { return usb_; }
    const std::vector<StickTree>& trees() const { return trees_; }

    const StickTree* tree(const std::string& id) const;
    bool has_whole_stick() const;

private:
    const Machine& machine_;
    std::vector<UsbStick> usb_;
    std::vector<StickTree> trees_;
};

}  // namespace minikvm
