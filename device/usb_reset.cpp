// SPDX-License-Identifier: MIT
// A USB reset by libusb, without its looking at all other devices first.

#include "device/usb_reset.h"

#include <fcntl.h>
#include <libusb.h>
#include <sys/stat.h>

#include <memory>

#include <fmt/format.h>

#include "common/udev.h"
#include "common/unique_fd.h"
#include "device/stick_nodes.h"

namespace minikvm {
namespace {

struct ContextDeleter {
    void operator()(libusb_context* context) const { libusb_exit(context); }
};
using Context = std::unique_ptr<libusb_context, ContextDeleter>;

struct HandleDeleter {
    void operator()(libusb_device_handle* handle) const { libusb_close(handle); }
};
using Handle = std::unique_ptr<libusb_device_handle, HandleDeleter>;

tl::unexpected<Error> usb_error(int code, const std::string& attempt) {
    const auto meaning = code == LIBUSB_ERROR_NO_DEVICE ? std::errc::no_such_device
                         : code == LIBUSB_ERROR_ACCESS  ? std::errc::permission_denied
                                                        : std::errc::io_error;
    return make_error(std::make_error_code(meaning), attempt);
}

/// "/dev/bus/usb/001/004".
Result<std::string> usb_node_of(const std::string& node) {
    struct stat status {};
    if (::stat(node.c_str(), &status) < 0) {
        return make_error(std::make_error_code(std::errc::no_such_device), "find " + node);
    }
    const UdevPtr udev(udev_new());
    const UdevDevicePtr device(udev_device_new_from_devnum(udev.get(), 'c', status.st_rdev));
    // The parent belongs to its child.
    udev_device* const parent =
        device ? udev_device_get_parent_with_subsystem_devtype(device.get(), "usb", "usb_device")
               : nullptr;
    const char* const usb_node = parent != nullptr ? udev_device_get_devnode(parent) : nullptr;
    if (usb_node == nullptr) {
        return make_error(std::make_error_code(std::errc::no_such_device),
                          "find the USB device of " + node);
    }
    return std::string(usb_node);
}

/// "/dev/bus/usb/001/005".
Result<std::string> usb_node_in(const std::string& id, StickPort port) {
    const UdevPtr udev(udev_new());
    std::string usb_node;
    MINIKVM_TRY(visit_stick_devices(udev.get(), id, [&](udev_device* device) {
        const char* const node = udev_device_get_devnode(device);
        if (plugged_port(device, id) == port && node != nullptr) {
            usb_node = node;
        }
    }));
    if (usb_node.empty()) {
        return make_error(
            std::make_error_code(std::errc::no_such_device),
            fmt::format("find a device in the port {} of {}", stick_port_name(port), id));
    }
    return usb_node;
}

Result<void> reset_usb_device(const std::string& usb_node) {
    const std::string attempt = "reset the USB device " + usb_node;
    const UniqueFd fd(::open(usb_node.c_str(), O_RDWR | O_CLOEXEC));
    if (!fd) {
        return errno_error(attempt);
    }
    // Where libusb cannot leave the others alone it looks at them, which costs time only.
    static_cast<void>(libusb_set_option(nullptr, LIBUSB_OPTION_NO_DEVICE_DISCOVERY));
    libusb_context* made = nullptr;
    if (const int code = libusb_init(&made); code != LIBUSB_SUCCESS) {
        return usb_error(code, attempt);
    }
    const Context context(made);
    libusb_device_handle* opened = nullptr;
    if (const int code = libusb_wrap_sys_device(context.get(), fd.get(), &opened);
        code != LIBUSB_SUCCESS) {
        return usb_error(code, attempt);
    }
    const Handle handle(opened);
    // Not found: it has come back as another device, which the kernel takes in anew.
    if (const int code = libusb_reset_device(handle.get());
        code != LIBUSB_SUCCESS && code != LIBUSB_ERROR_NOT_FOUND) {
        return usb_error(code, attempt);
    }
    return {};
}

}  // namespace

Result<void> reset_usb_device_of(const std::string& node) {
    return reset_usb_device(MINIKVM_TRY(usb_node_of(node)));
}

Result<void> reset_plugged_device(const std::string& id, StickPort port) {
    return reset_usb_device(MINIKVM_TRY(usb_node_in(id, port)));
}

}  // namespace minikvm
