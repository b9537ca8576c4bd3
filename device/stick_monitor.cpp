// SPDX-License-Identifier: MIT

#include "device/stick_monitor.h"

#include <string_view>
#include <utility>

namespace minikvm {

Result<std::unique_ptr<StickMonitor>> StickMonitor::create(EventLoop& loop, std::string id,
                                                           ChangeCallback on_change) {
    std::unique_ptr<StickMonitor> monitor(new StickMonitor(std::move(id), std::move(on_change)));
    monitor->udev_ = MINIKVM_TRY(UdevMonitor::create(loop, kStickSubsystems,
                                                     {[raw = monitor.get()](udev_device* device) {
                                                          raw->take(device);
                                                          raw->publish();
                                                      },
                                                      [raw = monitor.get()] {
                                                          if (raw->look()) {
                                                              raw->publish();
                                                          }
                                                      }}));
    MINIKVM_TRY(monitor->look());
    monitor->nodes_ = monitor->assemble();
    return monitor;
}

Result<void> StickMonitor::look() {
    std::map<std::string, StickNode> present;
    MINIKVM_TRY(visit_stick_devices(udev_->context(), id_, [&](udev_device* device) {
        if (std::optional<StickNode> node = stick_node(device)) {
            present.insert_or_assign(udev_device_get_syspath(device), std::move(*node));
        }
    }));
    present_ = std::move(present);
    return {};
}

void StickMonitor::take(udev_device* device) {
    const char* const action = udev_device_get_action(device);
    const bool removed = action != nullptr && std::string_view(action) == "remove";
    const std::string directory = udev_device_get_syspath(device);
    std::optional<StickNode> node = stick_node(device);
    if (removed || !node || node->id != id_) {
        present_.erase(directory);
    } else {
        present_.insert_or_assign(directory, std::move(*node));
    }
}

StickNodes StickMonitor::assemble() const {
    StickNodes nodes;
    nodes.id = id_;
    for (const auto& [directory, node] : present_) {
        put(nodes, node);
    }
    return nodes;
}

void StickMonitor::publish() {
    StickNodes now = assemble();
    if (now != nodes_) {
        nodes_ = std::move(now);
        on_change_(nodes_);
    }
}

}  // namespace minikvm
