// SPDX-License-Identifier: MIT

#include "device/stick_monitor.h"

#include <sys/epoll.h>

#include <cerrno>
#include <string_view>
#include <utility>

namespace minikvm {

Result<std::unique_ptr<StickMonitor>> StickMonitor::create(EventLoop& loop, std::string id,
                                                           ChangeCallback on_change) {
    std::unique_ptr<StickMonitor> monitor(new StickMonitor(std::move(id), std::move(on_change)));
    MINIKVM_TRY(monitor->listen(loop));
    MINIKVM_TRY(monitor->look());
    monitor->nodes_ = monitor->assemble();
    return monitor;
}

Result<void> StickMonitor::listen(EventLoop& loop) {
    udev_.reset(udev_new());
    if (!udev_) {
        return errno_error("open udev");
    }
    monitor_.reset(udev_monitor_new_from_netlink(udev_.get(), "udev"));
    if (!monitor_) {
        return errno_error("listen to udev");
    }
    for (const SubsystemMatch& match : kStickSubsystems) {
        udev_monitor_filter_add_match_subsystem_devtype(monitor_.get(), match.subsystem,
                                                        match.devtype);
    }
    const int enabled = udev_monitor_enable_receiving(monitor_.get());
    if (enabled < 0) {
        return errno_error(enabled, "listen to udev");
    }
    watch_ = MINIKVM_TRY(loop.watch(udev_monitor_get_fd(monitor_.get()), EPOLLIN,
                                    [this](std::uint32_t) { read_events(); }));
    return {};
}

// After listen(), so that nothing can come between.
Result<void> StickMonitor::look() {
    std::map<std::string, StickNode> present;
    MINIKVM_TRY(visit_stick_devices(udev_.get(), id_, [&](udev_device* device) {
        if (std::optional<StickNode> node = stick_node(device)) {
            present.insert_or_assign(udev_device_get_syspath(device), std::move(*node));
        }
    }));
    present_ = std::move(present);
    return {};
}

void StickMonitor::read_events() {
    while (true) {
        const UdevDevicePtr device(udev_monitor_receive_device(monitor_.get()));
        if (device) {
            take(device.get());
            publish();
            continue;
        }
        if (errno != ENOBUFS) {
            return;  // nothing more now
        }
        // More events came than the socket holds, and some are lost: what is there counts.
        if (look()) {
            publish();
        }
    }
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
        nodes.*(node.kind) = node.text;
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
