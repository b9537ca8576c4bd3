// SPDX-License-Identifier: MIT
// Will OBS Studio and browsers find what they look for among the cameras?

#include <algorithm>
#include <array>

#include "clients/ctl/doctor/check_table.h"
#include "clients/ctl/doctor/loopback_module.h"

namespace minikvm {
namespace {

bool has_obs(const Machine& machine) {
    constexpr auto kPlaces = std::to_array<const char*>(
        {"/usr/bin/obs", "/var/lib/flatpak/app/com.obsproject.Studio", "/snap/bin/obs-studio"});
    return std::ranges::any_of(kPlaces, [&](const char* place) { return machine.has(place); });
}

bool has_node_of_others(const Machine& machine) {
    return std::ranges::any_of(loopback_labels(machine), [](const std::string& label) {
        return !label.starts_with("Mini-KVM");
    });
}

// OBS Studio loads v4l2loopback for its virtual camera where that is not loaded, and makes no node
// where it is: obs-studio issue 4200.
void check_obs(const Machine& machine, Findings& findings) {
    if (!has_obs(machine)) {
        findings.good("OBS Studio, whose virtual camera wants a node of its own, is not installed");
    } else if (has_node_of_others(machine)) {
        findings.good("OBS Studio's virtual camera has a node of its own");
    } else {
        findings.fault(
            Fault::ObsWithoutNode,
            "OBS Studio's virtual camera has no node: it makes none while v4l2loopback is loaded. "
            "(It shows the stick all the same.)",
            "sudo v4l2loopback-ctl add -n 'OBS Virtual Camera' -x 1; and for every boot: echo "
            "'options v4l2loopback devices=1 exclusive_caps=1 card_label=\"OBS Virtual Camera\"' | "
            "sudo tee /etc/modprobe.d/obs.conf");
    }
}

// Chromium lists only nodes that are nothing but cameras: v4l2loopback issue 274. From 0.13 on the
// daemon asks for that with each node.
void check_browsers(const Machine& machine, Findings& findings) {
    const std::string exclusive =
        machine.text("/sys/module/v4l2loopback/parameters/exclusive_caps");
    if (has_fixed_nodes(machine) && exclusive.find('N') != std::string::npos) {
        findings.fault(Fault::HiddenFromBrowsers,
                       "v4l2loopback was loaded without exclusive_caps for each node: Chromium and "
                       "its like do not list the cameras",
                       "have exclusive_caps=1,1,1,1,1,1,1,1 among its options in /etc/modprobe.d, "
                       "or remove them, then reboot");
        return;
    }
    findings.good("browsers list the cameras");
}

}  // namespace

void check_applications(const Examination& examination, Findings& findings) {
    const Machine& machine = examination.machine();
    if (!machine.has("/sys/module/v4l2loopback")) {
        findings.good("without v4l2loopback no application finds a camera: see modules");
        return;
    }
    check_obs(machine, findings);
    check_browsers(machine, findings);
}

}  // namespace minikvm
