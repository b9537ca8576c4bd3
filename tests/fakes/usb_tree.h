// SPDX-License-Identifier: MIT
// UsbTree: a sysfs of made-up USB devices, with udev's events, over umockdev.

#pragma once

#include <umockdev.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace minikvm {

/// Shape:   as long as it lives, this process sees its /sys and no other, and hears its uevents.
///          Each maker returns the new device's directory, the `parent` for what hangs on it.
/// Limits:  one at a time. The test program must be linked with umockdev's preload library.
class UsbTree final {
public:
    using Properties = std::vector<std::pair<std::string, std::string>>;

    UsbTree();
    UsbTree(const UsbTree&) = delete;
    UsbTree& operator=(const UsbTree&) = delete;
    ~UsbTree();

    /// A PC's own controller, or a virtual one: "0000:00:14.0", "vhci_hcd.0".
    std::string controller(const std::string& name);
    std::string root_hub(const std::string& parent, const std::string& name);
    std::string hub(const std::string& parent, const std::string& name);

    /// The halves of a stick and what looks like them, on the given port.
    std::string ms2109(const std::string& hub, int port, const Properties& properties = {});
    std::string ms2109s(const std::string& hub, int port, const Properties& properties = {});
    std::string ms2130s(const std::string& hub, int port, const Properties& properties = {});
    std::string ch32v208(const std::string& hub, int port, const Properties& properties = {});
    std::string ch340(const std::string& hub, int port, const Properties& properties = {});
    std::string gadget(const std::string& hub, int port, const Properties& properties = {});

    /// What the kernel says of a connector that has a port on each of two buses: each device's
    /// port, the ports' devices, and that the ports are peers (drivers/usb/core/port.c).
    void make_peers(const std::string& one_device, const std::string& other_device);

    std::string interface(const std::string& device, int number);
    std::string node(const std::string& parent, const std::string& subsystem,
                     const std::string& name, const Properties& properties);

    /// Sets a property, as the rules do when an event makes them run again.
    void set_property(const std::string& device, const std::string& name, const std::string& value);

    void announce(const std::string& device, const char* action);

    /// Tells and removes, with all below it left to the caller.
    void remove(const std::string& device);

private:
    std::string add(const std::string& parent, const char* subsystem, const std::string& name,
                    const Properties& attributes, const Properties& properties);
    std::string usb_device(const std::string& hub, int port, const Properties& attributes,
                           Properties properties);
    std::string port_of(const std::string& device);
    void link(const std::string& from, const std::string& name, const std::string& to);

    struct Unref {
        void operator()(UMockdevTestbed* bed) const;
    };
    std::unique_ptr<UMockdevTestbed, Unref> bed_;
};

}  // namespace minikvm
