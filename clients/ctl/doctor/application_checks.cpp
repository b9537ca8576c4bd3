// SPDX-License-Identifier: MIT
// Will OBS Studio and browsers find what they look for among the cameras?

#include <algorithm>
#include <array>
#include <string>
#include <variant>

#include "clients/ctl/doctor/check_table.h"
#include "clients/ctl/doctor/loopback_module.h"
#include "configuration/configuration_files.h"

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

// docs/how-to/obs.md has what goes wrong inside it.
bool has_obs_that_ends(const Machine& machine) {
    return machine.run({"dpkg-query", "--show", "--showformat=${Version}", "obs-studio"})
        .value_or(std::string())
        .starts_with("30.2.");
}

bool may_have_two_cameras(const Settings& settings, const std::string& id) {
    const ConfigurationKey* const key = find_configuration_key("video.max_cameras");
    return std::get<std::int64_t>(settings.of_stick(id, *key).value) > 1;
}

void check_obs_and_new_cameras(const Examination& examination, Findings& findings) {
    const Machine& machine = examination.machine();
    if (has_fixed_nodes(machine) || !has_obs_that_ends(machine)) {
        findings.good("OBS Studio goes on when a camera is added, or is not installed");
        return;
    }
    const Settings settings = read_configuration(machine.path(kConfigurationPath)).read.settings;
    const bool adds = std::ranges::any_of(examination.trees(), [&](const StickTree& tree) {
        return may_have_two_cameras(settings, tree.id);
    });
    if (!adds) {
        findings.good("OBS Studio 30.2 ends when a camera is added, and none will be");
        return;
    }
    findings.fault(Fault::ObsEnds,
                   "OBS Studio 30.2 ends when a camera is added, as one is when it opens the first",
                   "have max_cameras = 1 below [video] in /etc/minikvm/minikvm.toml, then sudo "
                   "systemctl restart 'minikvmd@*'");
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
    check_obs_and_new_cameras(examination, findings);
    check_browsers(machine, findings);
}

}  // namespace minikvm
