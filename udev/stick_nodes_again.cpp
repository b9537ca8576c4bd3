// SPDX-License-Identifier: MIT

#include "udev/stick_nodes_again.h"

#include <array>
#include <cerrno>

#include "common/file.h"
#include "common/udev.h"

namespace minikvm {
namespace {

// Those that 72-minikvm.rules has something to say about.
constexpr std::array kSubsystems = {"video4linux", "media", "hidraw", "usbmisc", "tty",
                                    "sound",       "usb",   "block",  "net"};

Result<UdevDevicePtr> device_at(udev* context, const std::string& directory) {
    UdevDevicePtr device(udev_device_new_from_syspath(context, directory.c_str()));
    if (!device) {
        return errno_error("find " + directory);
    }
    return device;
}

enum class Announced { Below, WithItself };

// What hangs on `directory`, and that itself for one that is a half.
Result<void> announce_below(udev* context, const std::string& directory, Announced announced) {
    const UdevDevicePtr parent = MINIKVM_TRY(device_at(context, directory));
    const UdevEnumeratePtr enumerate(udev_enumerate_new(context));
    if (!enumerate) {
        return errno_error("list devices");
    }
    for (const char* subsystem : kSubsystems) {
        udev_enumerate_add_match_subsystem(enumerate.get(), subsystem);
    }
    udev_enumerate_add_match_parent(enumerate.get(), parent.get());
    const int scanned = udev_enumerate_scan_devices(enumerate.get());
    if (scanned < 0) {
        return errno_error(scanned, "list devices");
    }
    udev_list_entry* entry = nullptr;
    udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate.get())) {
        const std::string found = udev_list_entry_get_name(entry);
        if (announced == Announced::WithItself || found != directory) {
            // It may be gone by now, and then needs no announcement.
            static_cast<void>(write_text_file(found + "/uevent", "change"));
        }
    }
    return {};
}

}  // namespace

Result<void> announce_again(const StickHalves& stick) {
    const UdevPtr context(udev_new());
    if (!context) {
        return errno_error("open udev");
    }
    MINIKVM_TRY(announce_below(context.get(), stick.hub, Announced::Below));
    return stick.is_split() ? announce_below(context.get(), stick.capture, Announced::WithItself)
                            : Result<void>();
}

Result<std::string> hub_of(const std::string& id) {
    const UdevPtr context(udev_new());
    if (!context) {
        return errno_error("open udev");
    }
    const UdevDevicePtr hub(
        udev_device_new_from_subsystem_sysname(context.get(), "usb", id.c_str()));
    if (!hub) {
        return make_error(std::make_error_code(std::errc::no_such_device), "find USB hub " + id);
    }
    return std::string(udev_device_get_syspath(hub.get()));
}

}  // namespace minikvm
