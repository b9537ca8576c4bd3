// SPDX-License-Identifier: MIT

#include "device/stick_nodes.h"

#include <cerrno>
#include <map>

#include "device/generation.h"

namespace minikvm {
namespace {

std::string_view text_or_empty(const char* text) {
    return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string_view property(udev_device* device, const char* name) {
    return text_or_empty(udev_device_get_property_value(device, name));
}

std::string_view attribute(udev_device* device, const char* name) {
    return text_or_empty(udev_device_get_sysattr_value(device, name));
}

// "1d6b:0104 Product", or without the product when the device has no such string.
// Empty for one that is just leaving, whose attributes cannot be read any more.
std::string describe(udev_device* usb_device) {
    const std::string_view vendor = attribute(usb_device, "idVendor");
    if (vendor.empty()) {
        return {};
    }
    std::string text;
    text.append(vendor).append(":").append(attribute(usb_device, "idProduct"));
    const std::string_view product = attribute(usb_device, "product");
    if (!product.empty()) {
        text.append(" ").append(product);
    }
    return text;
}

std::optional<StickNode> plugged_device(udev_device* device, std::string_view id) {
    const std::optional<StickPort> port = plugged_port(device, id);
    if (!port) {
        return std::nullopt;  // on a hub: not shown
    }
    std::string StickNodes::*const kind =
        port == StickPort::UsbA ? &StickNodes::usb_a_device : &StickNodes::extension_device;
    return StickNode{std::string(id), kind, describe(device), std::nullopt};
}

std::string StickNodes::*kind_of(udev_device* device) {
    const std::string_view subsystem = text_or_empty(udev_device_get_subsystem(device));
    if (subsystem == "hidraw") {
        return &StickNodes::hidraw;
    }
    if (subsystem == "tty") {
        return &StickNodes::tty;
    }
    // ":capture:" for the pictures, ":" for their metadata (systemd's v4l_id).
    if (subsystem == "video4linux" &&
        property(device, "ID_V4L_CAPABILITIES").find(":capture:") != std::string_view::npos) {
        return &StickNodes::capture;
    }
    return nullptr;
}

// Which half has a node; nothing for a device that is none.
std::optional<UsbId> half_above(udev_device* device) {
    udev_device* const half =
        udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device");
    const auto id = half == nullptr
                        ? std::nullopt
                        : parse_usb_id(attribute(half, "idVendor"), attribute(half, "idProduct"));
    return id && (capture_model(*id) || input_model(*id)) ? id : std::nullopt;
}

}  // namespace

std::optional<StickPort> plugged_port(udev_device* device, std::string_view id) {
    udev_device* const parent = udev_device_get_parent(device);
    const std::string_view port = property(device, "MINIKVM_PORT");
    if (port.empty() || parent == nullptr || text_or_empty(udev_device_get_sysname(parent)) != id ||
        text_or_empty(udev_device_get_subsystem(device)) != "usb") {
        return std::nullopt;
    }
    return port == stick_port_name(StickPort::UsbA) ? StickPort::UsbA : StickPort::Extension;
}

std::optional<StickNode> stick_node(udev_device* device) {
    // udevd gives a node its owner and mode before it writes the property to its database.
    const std::string_view id = property(device, "MINIKVM_ID");
    if (id.empty()) {
        return std::nullopt;
    }
    if (!property(device, "MINIKVM_PORT").empty()) {
        return plugged_device(device, id);
    }
    std::string StickNodes::*const kind = kind_of(device);
    const std::string_view node = text_or_empty(udev_device_get_devnode(device));
    if (kind == nullptr || node.empty()) {
        return std::nullopt;
    }
    return StickNode{std::string(id), kind, std::string(node), half_above(device)};
}

void put(StickNodes& nodes, const StickNode& node) {
    nodes.*(node.kind) = node.text;
    if (node.kind == &StickNodes::tty) {
        nodes.serial_id = node.usb_id;
    } else if (node.usb_id) {
        nodes.capture_id = node.usb_id;
    }
}

Result<void> visit_stick_devices(udev* context, const std::string& id,
                                 const std::function<void(udev_device*)>& visit) {
    const UdevEnumeratePtr enumerate(udev_enumerate_new(context));
    if (!enumerate) {
        return errno_error("list devices");
    }
    for (const SubsystemMatch& match : kStickSubsystems) {
        udev_enumerate_add_match_subsystem(enumerate.get(), match.subsystem);
    }
    udev_enumerate_add_match_property(enumerate.get(), "MINIKVM_ID",
                                      id.empty() ? "?*" : id.c_str());
    const int scanned = udev_enumerate_scan_devices(enumerate.get());
    if (scanned < 0) {
        return errno_error(scanned, "list devices");
    }
    udev_list_entry* entry = nullptr;
    udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate.get())) {
        const UdevDevicePtr device(
            udev_device_new_from_syspath(context, udev_list_entry_get_name(entry)));
        if (device) {  // else it has gone since
            visit(device.get());
        }
    }
    return {};
}

Result<std::vector<StickNodes>> list_sticks() {
    const UdevPtr context(udev_new());
    if (!context) {
        return errno_error("open udev");
    }
    std::map<std::string, StickNodes> sticks;
    MINIKVM_TRY(visit_stick_devices(context.get(), "", [&](udev_device* device) {
        if (std::optional<StickNode> node = stick_node(device)) {
            StickNodes& nodes = sticks[node->id];
            nodes.id = node->id;
            put(nodes, *node);
        }
    }));
    std::vector<StickNodes> list;
    list.reserve(sticks.size());
    for (auto& [id, nodes] : sticks) {
        // What hangs on a stick's ports keeps its ID for as long as it is plugged, also when the
        // halves have gone.
        if (!nodes.capture.empty() || !nodes.hidraw.empty() || !nodes.tty.empty()) {
            list.push_back(std::move(nodes));
        }
    }
    return list;
}

}  // namespace minikvm
