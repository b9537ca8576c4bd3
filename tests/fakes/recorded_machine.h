// SPDX-License-Identifier: MIT
// RecordedMachine: a computer made of files and of what programs said, for the doctor to look at.

#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "clients/ctl/doctor/check_table.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {

/// Shape:   begins as a healthy computer with one stick, 1-2, and a user in group minikvm; a test
///          breaks what it wants, then has it examined. What is recorded was seen on Debian 13.
class RecordedMachine {
public:
    static constexpr const char* kCapture = "/sys/bus/usb/devices/1-2.1";
    static constexpr const char* kSerial = "/sys/bus/usb/devices/1-2.2";

    RecordedMachine() {
        plug_capture();
        plug_serial();
        write("/etc/group", "root:x:0:\nminikvm:x:990:alice\n");
        write(
            "/etc/passwd",
            fmt::format("root:x:0:0::/root:/bin/sh\nminikvm:x:{}:990::/:/bin/false\n", ::getuid()));
        write("/usr/lib/udev/rules.d/72-minikvm.rules", "# rules\n");
        write("/usr/lib/udev/minikvm-id", "");
        write("/sys/module/v4l2loopback/version", "0.15.0\n");
        write("/usr/share/minikvm/v4l2loopback-kernels", "# a table\n6.8 0.13.0\n6.16 0.15.1\n");
        write("/sys/class/misc/uinput/dev", "10:223\n");
        says("journalctl --dmesg --boot --since=-1h --output=cat --no-pager --quiet",
             "usb 1-2.1: New USB device found, idVendor=534d, idProduct=2109, bcdDevice=21.00\n");
        unit("minikvm-modules.service", "loaded", "active");
        unit("minikvmd@1-2.service", "loaded", "active");
        sandbox("minikvmd@1-2.service");
        sandbox("minikvm-forward.service");
        tree = {.id = "1-2",
                .refusal = {},
                .values = {{"name", "1-2"},
                           {"state", "ready"},
                           {"chip/video/firmware", "24081309"},
                           {"video/frames", "5000"},
                           {"video/broken", "3"},
                           {"hdmi/connected", "yes"},
                           {"hdmi/mode", "1920x1080@60.00"},
                           {"video/cameras", "/dev/video10"},
                           {"input/target", "connected"},
                           {"serial/baud_bd", "115200"}}};
    }

    void plug_capture() {
        usb_device(kCapture, "534d", "2109", "480");
        node(std::string(kCapture) + "/1-2.1:1.0/video4linux", "video0");
        node(std::string(kCapture) + "/1-2.1:1.4/0003:534D:2109.0001/hidraw", "hidraw0");
    }
    void plug_serial() {
        usb_device(kSerial, "1a86", "7523", "12");
        node(std::string(kSerial) + "/1-2.2:1.0/ttyUSB0/tty", "ttyUSB0");
    }
    void usb_device(const std::string& directory, const std::string& vendor,
                    const std::string& product, const std::string& speed) {
        write(directory + "/idVendor", vendor + "\n");
        write(directory + "/idProduct", product + "\n");
        write(directory + "/speed", speed + "\n");
        udev[{directory, "MINIKVM_ID"}] = "1-2";
        udev[{directory, "ID_MM_DEVICE_IGNORE"}] = "1";
    }
    void process(const std::string& number, const std::string& program, const std::string& open) {
        write("/proc/" + number + "/comm", program + "\n");
        std::filesystem::create_directories(at("/proc/" + number + "/fd"));
        std::filesystem::create_symlink(open, at("/proc/" + number + "/fd/3"));
    }
    void unit(const std::string& name, const std::string& load, const std::string& active,
              const std::string& file = "enabled", const std::string& reload = "no") {
        says(
            "systemctl show --property=LoadState,ActiveState,Result,UnitFileState,NeedDaemonReload,"
            "StatusText " +
                name,
            fmt::format("LoadState={}\nActiveState={}\nResult=exit-code\nUnitFileState={}\n"
                        "NeedDaemonReload={}\nStatusText=ready\n",
                        load, active, file, reload));
    }
    /// As shipped, but for what `changed` says that the files in `drop_ins` have changed.
    void sandbox(const std::string& unit, const std::string& drop_ins = {},
                 const std::map<std::string, std::string>& changed = {}) {
        const std::map<std::string, std::string> values = {
            {"LoadState", "loaded"},     {"DropInPaths", drop_ins},
            {"DevicePolicy", "closed"},  {"MemoryDenyWriteExecute", "yes"},
            {"NoNewPrivileges", "yes"},  {"ProtectHome", "yes"},
            {"ProtectSystem", "strict"}, {"RestrictSUIDSGID", "yes"}};
        std::string said;
        for (const auto& [name, value] : values) {
            const auto found = changed.find(name);
            said += fmt::format("{}={}\n", name, found == changed.end() ? value : found->second);
        }
        says(
            "systemctl show --property=LoadState,DropInPaths,DevicePolicy,MemoryDenyWriteExecute,"
            "NoNewPrivileges,ProtectHome,ProtectSystem,RestrictSUIDSGID " +
                unit,
            said);
    }
    void kernel_says(const std::string& line) {
        says("journalctl --dmesg --boot --since=-1h --output=cat --no-pager --quiet", line + "\n");
    }

    void write(const std::string& path, const std::string& text) {
        std::filesystem::create_directories(std::filesystem::path(at(path)).parent_path());
        std::ofstream(at(path)) << text;
    }
    void link(const std::string& path, const std::string& target) {
        std::filesystem::create_directories(std::filesystem::path(at(path)).parent_path());
        std::filesystem::create_symlink(target, at(path));
    }
    void remove(const std::string& path) { std::filesystem::remove_all(at(path)); }
    void says(const std::string& command, const std::string& output) { programs[command] = output; }

    /// The faults that the doctor finds, by name, sorted by check.
    std::vector<std::string> faults() const {
        std::vector<std::string> names;
        for (const Finding& finding : examined()) {
            if (finding.verdict == Verdict::Fault) {
                names.emplace_back(finding.fault);
            }
        }
        return names;
    }
    /// What it advises against the one fault of this name.
    std::string mend_of(const std::string& fault) const {
        for (const Finding& finding : examined()) {
            if (finding.fault == fault) {
                return finding.mend;
            }
        }
        return "no such fault was found";
    }
    std::vector<Finding> examined() const {
        std::vector<Finding> findings;
        with_machine([&](const Machine& machine) {
            findings = run_checks(Examination(machine, trees())).all();
        });
        return findings;
    }
    void with_machine(const std::function<void(const Machine&)>& look) const {
        const Machine machine({.root = files_.path(),
                               .user = user,
                               .kernel_release = kernel,
                               .run =
                                   [this](const auto& words) {
                                       return said(fmt::format("{}", fmt::join(words, " ")));
                                   },
                               .udev_property =
                                   [this](const auto& directory, const auto& name) {
                                       const auto found = udev.find({directory, name});
                                       return found == udev.end() ? std::string() : found->second;
                                   }});
        look(machine);
    }

    User user{.name = "alice",
              .is_root = true,
              .listed_groups = {"alice", "minikvm"},
              .session_groups = {"alice", "minikvm"}};
    std::string kernel = "6.12.57+deb13-amd64";
    std::optional<StickTree> tree;
    std::map<std::pair<std::string, std::string>, std::string> udev;
    std::map<std::string, std::string> programs;

private:
    std::string at(const std::string& path) const { return files_.path() + path; }
    std::vector<StickTree> trees() const {
        return tree ? std::vector<StickTree>{*tree} : std::vector<StickTree>();
    }
    std::optional<std::string> said(const std::string& command) const {
        const auto found = programs.find(command);
        return found == programs.end() ? std::nullopt : std::optional(found->second);
    }
    void node(const std::string& subsystem, const std::string& name) {
        write(subsystem + "/" + name + "/uevent", "");
        write("/dev/" + name, "");
        ::chmod(at("/dev/" + name).c_str(), 0600);
    }

    TemporaryDirectory files_;
};

}  // namespace minikvm
