// SPDX-License-Identifier: MIT
// v4l2loopback for the camera, uinput for keyboard and mouse.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"
#include "clients/ctl/doctor/loopback_module.h"
#include "clients/ctl/doctor/unit_state.h"

namespace minikvm {
namespace {

constexpr const char* kLoopback = "v4l2loopback";
constexpr const char* kLoad = "sudo systemctl restart minikvm-modules.service";

// modinfo tells the path as of the last depmod, whether the file is there or not.
bool is_built(const Machine& machine) {
    const std::string said =
        machine.run({"/usr/sbin/modinfo", "--field=filename", kLoopback}).value_or(std::string());
    return said.starts_with("/") && machine.has(said.substr(0, said.find('\n')));
}

bool has_our_static_cameras(const Machine& machine) {
    return std::ranges::any_of(loopback_labels(machine), [](const std::string& label) {
        return label.starts_with("Mini-KVM camera ");
    });
}

void check_loaded(const Machine& machine, Findings& findings) {
    const std::string version = machine.text("/sys/module/v4l2loopback/version");
    if (has_fixed_nodes(machine) && !has_our_static_cameras(machine)) {
        findings.fault(
            Fault::ModuleOptions,
            "v4l2loopback was loaded by somebody else, without nodes for the sticks, and "
            "this version cannot add any later",
            "take its options out of /etc/modprobe.d and /etc/modules-load.d, then reboot "
            "(or, while nobody uses it: sudo modprobe -r v4l2loopback && " +
                std::string(kLoad) + ")");
        return;
    }
    findings.good(fmt::format("v4l2loopback {} is loaded, with room for the sticks' cameras",
                              version.empty() ? "0.12" : version));
}

bool is_refused(const Machine& machine) {
    constexpr auto kSaid = std::to_array<const char*>({
        "unsigned module loading is restricted",
        "Loading of unsigned module is rejected",
        "Loading of module with unavailable key is rejected",
    });
    return std::ranges::any_of(machine.kernel_log(), [&](const std::string& line) {
        return std::ranges::any_of(
            kSaid, [&](const char* said) { return line.find(said) != std::string::npos; });
    });
}

// "none [integrity] confidentiality": what stands in brackets holds.
bool is_locked_down(const Machine& machine) {
    const std::string modes = machine.text("/sys/kernel/security/lockdown");
    return !modes.empty() && modes.find("[none]") == std::string::npos;
}

void report_unsigned(const Machine& machine, Findings& findings) {
    const std::string module = "v4l2loopback/" + loopback_sources(machine);
    const std::string& kernel = machine.kernel_release();
    findings.fault(
        Fault::ModuleUnsigned,
        "the kernel is locked down (Secure Boot), and refuses v4l2loopback, which is not signed",
        fmt::format("have DKMS sign it: sudo apt install openssl mokutil linux-headers-{}, then "
                    "sudo dkms remove {} -k {} && sudo dkms install {} -k {}; then sudo mokutil "
                    "--import /var/lib/dkms/mok.pub, reboot, and choose Enroll MOK",
                    kernel, module, kernel, module, kernel));
}

void report_refused(const Machine& machine, const std::string& signer, Findings& findings) {
    const bool by_command_line =
        machine.text("/proc/cmdline").find("lockdown=") != std::string::npos;
    findings.fault(
        Fault::ModuleRefused,
        fmt::format("the kernel is locked down (Secure Boot), and refuses v4l2loopback: the key of "
                    "\"{}\" is not enrolled",
                    signer),
        by_command_line ? "take lockdown= off the kernel's command line; or enrol the key: sudo "
                          "mokutil --import /var/lib/dkms/mok.pub, reboot, Enroll MOK"
                        : "sudo mokutil --import /var/lib/dkms/mok.pub, reboot, and choose Enroll "
                          "MOK with the password that you gave");
}

void check_installed(const Machine& machine, Findings& findings) {
    // Who may not read the kernel's log learns it from the service having tried.
    const bool was_tried = unit_state(machine, kModulesUnit).active == "active";
    if (!is_refused(machine) && !(is_locked_down(machine) && was_tried)) {
        findings.fault(Fault::ModuleNotLoaded,
                       "v4l2loopback is installed and not loaded, so there is no camera", kLoad);
        return;
    }
    const std::string signer = loopback_signer(machine);
    if (signer.empty()) {
        report_unsigned(machine, findings);
    } else {
        report_refused(machine, signer, findings);
    }
}

void check_absent(const Machine& machine, Findings& findings) {
    const std::string& kernel = machine.kernel_release();
    const std::string version = loopback_sources(machine);
    const std::optional<std::string> least = least_loopback_for(machine, kernel);
    if (version.empty()) {
        findings.fault(Fault::ModuleMissing, "v4l2loopback is not installed, so there is no camera",
                       fmt::format("sudo apt install v4l2loopback-dkms linux-headers-{}, then {}",
                                   kernel, kLoad));
    } else if (least && version_of(version) < version_of(*least)) {
        findings.fault(
            Fault::ModuleTooOld,
            fmt::format("v4l2loopback {} is too old for kernel {}: it does not compile there",
                        version, kernel),
            fmt::format("install v4l2loopback-dkms {} or later, from the release that the kernel "
                        "is from (of backports: sudo apt install -t CODENAME-backports "
                        "v4l2loopback-dkms), or boot the release's own kernel: sudo apt install "
                        "linux-image-amd64",
                        *least));
    } else if (!machine.has(fmt::format("/lib/modules/{}/build/Makefile", kernel))) {
        findings.fault(
            Fault::HeadersMissing,
            fmt::format("v4l2loopback {} could not be built for kernel {}: its headers are "
                        "not installed",
                        version, kernel),
            fmt::format("sudo apt install linux-headers-{}, then sudo dkms autoinstall, then {}",
                        kernel, kLoad));
    } else {
        findings.fault(
            Fault::ModuleNotBuilt,
            fmt::format("v4l2loopback {} is not built for kernel {}", version, kernel),
            fmt::format("sudo dkms install v4l2loopback/{} -k {}, then {}; if it fails, read "
                        "/var/lib/dkms/v4l2loopback/{}/build/make.log",
                        version, kernel, kLoad, version));
    }
}

// What the next boot takes, so that a new kernel costs nobody a camera unawares.
void check_next_kernel(const Machine& machine, Findings& findings) {
    const std::string kernel = next_kernel(machine);
    if (kernel.empty() || has_loopback(machine, kernel)) {
        return;
    }
    findings.fault(
        Fault::NextKernel,
        fmt::format("v4l2loopback is not built for kernel {}, which is installed: after "
                    "a reboot into it there is no camera",
                    kernel),
        fmt::format("/usr/libexec/minikvm-kernel-check {} says what is missing", kernel));
}

void check_uinput(const Machine& machine, Findings& findings) {
    // The node alone says nothing: udev makes it for a module that may not be there.
    if (machine.has("/sys/class/misc/uinput") || machine.has("/sys/devices/virtual/misc/uinput")) {
        findings.good("uinput is loaded");
        return;
    }
    const bool is_there =
        machine.run({"/usr/sbin/modinfo", "--field=filename", "uinput"}).has_value();
    findings.fault(
        Fault::UinputMissing, "uinput is not loaded, so there is no keyboard and no mouse",
        is_there ? fmt::format("{}, then sudo systemctl restart 'minikvmd@*'", kLoad)
                 : fmt::format("kernel {} has none: sudo apt install linux-image-amd64, then "
                               "reboot",
                               machine.kernel_release()));
}

}  // namespace

void check_modules(const Examination& examination, Findings& findings) {
    const Machine& machine = examination.machine();
    if (machine.has("/sys/module/v4l2loopback")) {
        check_loaded(machine, findings);
    } else if (is_built(machine)) {
        check_installed(machine, findings);
    } else {
        check_absent(machine, findings);
    }
    if (!loopback_sources(machine).empty()) {
        check_next_kernel(machine, findings);
    }
    check_uinput(machine, findings);
}

}  // namespace minikvm
