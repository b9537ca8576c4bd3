// SPDX-License-Identifier: MIT

#include "tests/fakes/usb_tree.h"

#include <glib-object.h>

namespace minikvm {
namespace {

// umockdev takes names and values in turn, with a null pointer at the end.
std::vector<char*> as_strings(const UsbTree::Properties& properties) {
    std::vector<char*> strings;
    for (const auto& [name, value] : properties) {
        // It only reads them; its C interface has no const.
        strings.push_back(const_cast<char*>(name.c_str()));
        strings.push_back(const_cast<char*>(value.c_str()));
    }
    strings.push_back(nullptr);
    return strings;
}

std::string child_name(const std::string& hub, int port) {
    const std::string name = hub.substr(hub.rfind('/') + 1);
    const std::string port_text = std::to_string(port);
    return name.starts_with("usb") ? name.substr(3) + "-" + port_text : name + "." + port_text;
}

}  // namespace

void UsbTree::Unref::operator()(UMockdevTestbed* bed) const {
    g_object_unref(bed);
}

UsbTree::UsbTree() : bed_(umockdev_testbed_new()) {
}

UsbTree::~UsbTree() = default;

std::string UsbTree::add(const std::string& parent, const char* subsystem, const std::string& name,
                         const Properties& attributes, const Properties& properties) {
    std::vector<char*> attribute_strings = as_strings(attributes);
    std::vector<char*> property_strings = as_strings(properties);
    char* const path = umockdev_testbed_add_devicev(
        bed_.get(), subsystem, name.c_str(), parent.empty() ? nullptr : parent.c_str(),
        attribute_strings.data(), property_strings.data());
    std::string directory(path);
    g_free(path);
    return directory;
}

std::string UsbTree::controller(const std::string& name) {
    return add("", "platform", name, {}, {});
}

std::string UsbTree::root_hub(const std::string& parent, const std::string& name) {
    return add(parent, "usb", name, {{"idVendor", "1d6b"}, {"idProduct", "0002"}},
               {{"DEVTYPE", "usb_device"}});
}

std::string UsbTree::hub(const std::string& parent, const std::string& name) {
    return add(parent, "usb", name, {{"idVendor", "1a40"}, {"idProduct", "0101"}},
               {{"DEVTYPE", "usb_device"}});
}

std::string UsbTree::usb_device(const std::string& hub, int port, const Properties& attributes,
                                Properties properties) {
    properties.emplace_back("DEVTYPE", "usb_device");
    return add(hub, "usb", child_name(hub, port), attributes, properties);
}

std::string UsbTree::ms2109(const std::string& hub, int port, const Properties& properties) {
    return usb_device(hub, port, {{"idVendor", "534d"}, {"idProduct", "2109"}}, properties);
}

std::string UsbTree::ch340(const std::string& hub, int port, const Properties& properties) {
    return usb_device(hub, port, {{"idVendor", "1a86"}, {"idProduct", "7523"}}, properties);
}

std::string UsbTree::ms2109s(const std::string& hub, int port, const Properties& properties) {
    return usb_device(hub, port, {{"idVendor", "345f"}, {"idProduct", "2109"}}, properties);
}

std::string UsbTree::ms2130s(const std::string& hub, int port, const Properties& properties) {
    return usb_device(hub, port, {{"idVendor", "345f"}, {"idProduct", "2132"}}, properties);
}

std::string UsbTree::ch32v208(const std::string& hub, int port, const Properties& properties) {
    return usb_device(hub, port, {{"idVendor", "1a86"}, {"idProduct", "fe0c"}}, properties);
}

// In sysfs a link is relative: as many steps up as `from` is deep, then down from /sys.
void UsbTree::link(const std::string& from, const std::string& name, const std::string& to) {
    constexpr std::string_view kRoot = "/sys/";
    std::string path;
    for (const char character : from.substr(kRoot.size() - 1)) {
        path += character == '/' ? "../" : "";
    }
    umockdev_testbed_set_attribute_link(bed_.get(), from.c_str(), name.c_str(),
                                        (path + to.substr(kRoot.size())).c_str());
}

std::string UsbTree::port_of(const std::string& device) {
    const std::string hub = device.substr(0, device.rfind('/'));
    const std::string hub_name = hub.substr(hub.rfind('/') + 1);
    const std::string name = device.substr(device.rfind('/') + 1);
    const std::string digits = name.substr(name.find_last_of("-.") + 1);
    // The kernel has no subsystem for ports, umockdev wants one.
    const std::string port = add(hub, "usb_port", hub_name + "-port" + digits, {}, {});
    link(device, "port", port);
    link(port, "device", device);
    return port;
}

void UsbTree::make_peers(const std::string& one_device, const std::string& other_device) {
    const std::string one = port_of(one_device);
    const std::string other = port_of(other_device);
    link(one, "peer", other);
    link(other, "peer", one);
}

std::string UsbTree::gadget(const std::string& hub, int port, const Properties& properties) {
    return usb_device(hub, port,
                      {{"idVendor", "1d6b"}, {"idProduct", "0104"}, {"product", "Product"}},
                      properties);
}

std::string UsbTree::interface(const std::string& device, int number) {
    const std::string name = device.substr(device.rfind('/') + 1);
    return add(device, "usb", name + ":1." + std::to_string(number), {},
               {{"DEVTYPE", "usb_interface"}});
}

std::string UsbTree::node(const std::string& parent, const std::string& subsystem,
                          const std::string& name, const Properties& properties) {
    Properties all = properties;
    all.emplace_back("DEVNAME", "/dev/" + name);
    return add(parent, subsystem.c_str(), name, {}, all);
}

void UsbTree::set_property(const std::string& device, const std::string& name,
                           const std::string& value) {
    umockdev_testbed_set_property(bed_.get(), device.c_str(), name.c_str(), value.c_str());
}

void UsbTree::announce(const std::string& device, const char* action) {
    umockdev_testbed_uevent(bed_.get(), device.c_str(), action);
}

void UsbTree::remove(const std::string& device) {
    announce(device, "remove");
    umockdev_testbed_remove_device(bed_.get(), device.c_str());
}

}  // namespace minikvm
