// SPDX-License-Identifier: MIT
// The forwarded devices, one after the other.

#include "clients/forward/local_devices.h"

#include <algorithm>
#include <set>
#include <vector>

#include "common/log.h"

namespace minikvm {

Result<std::unique_ptr<LocalDevices>> LocalDevices::create(EventLoop& loop, Callbacks callbacks) {
    std::unique_ptr<LocalDevices> devices(new LocalDevices(loop, std::move(callbacks)));
    LocalDevices& self = *devices;
    self.monitor_ = MINIKVM_TRY(InputDeviceMonitor::create(loop, [&self] { self.update(); }));
    return devices;
}

void LocalDevices::set_rules(DeviceRules rules) {
    rules_ = std::move(rules);
    update();
}

// By node: udev says that one has gone before its number is given to another.
void LocalDevices::update() {
    const Result<std::vector<InputDevice>> found = monitor_->devices();
    if (!found) {
        log::warning("kernel: {}", found.error().message());
        return;
    }
    const std::set<std::string> chosen = choose_devices(*found, rules_);
    std::vector<DeviceId> unwanted;
    std::set<std::string> open;
    for (const auto& [id, device] : devices_) {
        if (chosen.contains(device->node())) {
            open.insert(device->node());
        } else {
            unwanted.push_back(id);
        }
    }
    for (const DeviceId id : unwanted) {
        remove(id);
    }
    std::erase_if(refused_, [&](const auto& entry) { return !chosen.contains(entry.first); });
    for (const InputDevice& device : *found) {
        if (chosen.contains(device.node) && !open.contains(device.node)) {
            add(device);
        }
    }
    callbacks_.on_change();
}

void LocalDevices::add(const InputDevice& described) {
    const DeviceId id{++last_id_};
    Result<std::unique_ptr<LocalDevice>> device = LocalDevice::open(
        loop_, described.node,
        {.on_key = [this, id](std::uint16_t code,
                              bool down) { return callbacks_.on_key(id, code, down); },
         .on_report = [this](const LocalReport& report) { callbacks_.on_report(report); },
         // Not from inside the device's own callback. The node may belong to another one by now.
         .on_gone =
             [this, id] {
                 loop_.post([this, id] {
                     remove(id);
                     update();
                 });
             }});
    if (!device) {
        std::string why = device.error().message();
        if (refused_[described.node] != why) {
            log::warning("kernel: {}; it is left to this machine", why);
            refused_[described.node] = std::move(why);
        }
        return;
    }
    log::info("forwards {}: node={}", described.name, described.node);
    LocalDevice& opened = *devices_.emplace(id, std::move(*device)).first->second;
    opened.tell_held();
}

void LocalDevices::remove(DeviceId id) {
    const auto found = devices_.find(id);
    if (found == devices_.end()) {
        return;  // twice: by its own word, and by udev's
    }
    const std::unique_ptr<LocalDevice> device = std::move(found->second);
    devices_.erase(found);
    log::info("does not forward any more: node={}", device->node());
    device->let_go();
    device->give_back();
    callbacks_.on_gone(id);
    callbacks_.on_change();
}

Result<bool> LocalDevices::grab() {
    Result<bool> outcome = errno_error(-ENODEV, "take a keyboard or mouse");
    bool key_is_down = false;
    for (const auto& [id, device] : devices_) {
        const Result<void> grabbed = device->grab();
        if (grabbed) {
            outcome = true;
            key_is_down = key_is_down || device->any_key_down();
        } else {
            log::warning("client: {}; it goes on to this machine", grabbed.error().message());
            outcome = outcome ? outcome : tl::unexpected<Error>(grabbed.error());
        }
    }
    if (key_is_down) {
        give_back();
        return false;
    }
    callbacks_.on_change();
    return outcome;
}

bool LocalDevices::grab_rest(const std::function<bool(DeviceId)>& is_at_rest) {
    bool any = false;
    for (const auto& [id, device] : devices_) {
        if (device->grabbed() || !is_at_rest(id) || refused_.contains(device->node())) {
            continue;
        }
        if (device->grab()) {
            any = true;
        } else {
            refused_[device->node()] = "";  // another program's
        }
    }
    if (any) {
        callbacks_.on_change();
    }
    return any;
}

void LocalDevices::give_back() {
    for (const auto& [id, device] : devices_) {
        device->give_back();
    }
    callbacks_.on_change();
}

void LocalDevices::show(hid::LockLeds leds) {
    for (const auto& [id, device] : devices_) {
        if (device->grabbed()) {
            device->show(leds);
        }
    }
}

bool LocalDevices::any_grabbed() const {
    return std::ranges::any_of(devices_, [](const auto& entry) { return entry.second->grabbed(); });
}

std::string LocalDevices::nodes() const {
    std::string nodes;
    for (const auto& [id, device] : devices_) {
        nodes += (nodes.empty() ? "" : " ") + device->node();
    }
    return nodes;
}

std::string LocalDevices::grabbed_nodes() const {
    std::string nodes;
    for (const auto& [id, device] : devices_) {
        if (device->grabbed()) {
            nodes += (nodes.empty() ? "" : " ") + device->node();
        }
    }
    return nodes;
}

}  // namespace minikvm
