// SPDX-License-Identifier: MIT
// Input devices, by way of libudev.

#include "clients/forward/input_device_monitor.h"

#include <array>
#include <string_view>
#include <utility>

namespace minikvm {
namespace {

constexpr std::array kInput = {SubsystemMatch{"input", nullptr}};

std::string text_or_none(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

std::string_view event_node(udev_device* device) {
    const char* const node = udev_device_get_devnode(device);
    const std::string_view name = node == nullptr ? "" : node;
    return name.starts_with("/dev/input/event") ? name : std::string_view();
}

InputDevice describe(udev_device* device) {
    InputDevice described;
    described.node = event_node(device);
    // Its own, not ours to free.
    if (udev_device* const parent =
            udev_device_get_parent_with_subsystem_devtype(device, "input", nullptr)) {
        described.name = text_or_none(udev_device_get_sysattr_value(parent, "name"));
        described.phys = text_or_none(udev_device_get_sysattr_value(parent, "phys"));
    }
    udev_list_entry* entry = nullptr;
    udev_list_entry_foreach(entry, udev_device_get_devlinks_list_entry(device)) {
        described.links.emplace_back(udev_list_entry_get_name(entry));
    }
    udev_list_entry_foreach(entry, udev_device_get_properties_list_entry(device)) {
        described.properties.emplace(udev_list_entry_get_name(entry),
                                     text_or_none(udev_list_entry_get_value(entry)));
    }
    return described;
}

}  // namespace

Result<std::unique_ptr<InputDeviceMonitor>> InputDeviceMonitor::create(
    EventLoop& loop, std::function<void()> on_change) {
    std::unique_ptr<InputDeviceMonitor> monitor(new InputDeviceMonitor(std::move(on_change)));
    MINIKVM_TRY(monitor->listen(loop));
    return monitor;
}

Result<void> InputDeviceMonitor::listen(EventLoop& loop) {
    UdevMonitor::Callbacks callbacks;
    callbacks.on_device = [this](udev_device* device) {
        changed_ = changed_ || !event_node(device).empty();
    };
    callbacks.on_lost = [this] { changed_ = true; };
    callbacks.on_drained = [this] {
        if (std::exchange(changed_, false)) {
            on_change_();
        }
    };
    udev_ = MINIKVM_TRY(UdevMonitor::create(loop, kInput, std::move(callbacks)));
    return {};
}

Result<std::vector<InputDevice>> InputDeviceMonitor::devices() const {
    const UdevEnumeratePtr enumerate(udev_enumerate_new(udev_->context()));
    if (!enumerate) {
        return errno_error("ask udev");
    }
    udev_enumerate_add_match_subsystem(enumerate.get(), "input");
    udev_enumerate_add_match_sysname(enumerate.get(), "event*");
    udev_enumerate_add_match_is_initialized(enumerate.get());
    const int scanned = udev_enumerate_scan_devices(enumerate.get());
    if (scanned < 0) {
        return errno_error(scanned, "ask udev for input devices");
    }
    std::vector<InputDevice> found;
    udev_list_entry* entry = nullptr;
    udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate.get())) {
        const UdevDevicePtr device(
            udev_device_new_from_syspath(udev_->context(), udev_list_entry_get_name(entry)));
        if (device && !event_node(device.get()).empty()) {
            found.push_back(describe(device.get()));
        }
    }
    return found;
}

}  // namespace minikvm
