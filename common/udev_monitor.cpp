// SPDX-License-Identifier: MIT

#include "common/udev_monitor.h"

#include <sys/epoll.h>

#include <cerrno>
#include <utility>

namespace minikvm {

Result<std::unique_ptr<UdevMonitor>> UdevMonitor::create(EventLoop& loop,
                                                         std::span<const SubsystemMatch> wanted,
                                                         Callbacks callbacks) {
    std::unique_ptr<UdevMonitor> monitor(new UdevMonitor(std::move(callbacks)));
    MINIKVM_TRY(monitor->listen(loop, wanted));
    return monitor;
}

Result<void> UdevMonitor::listen(EventLoop& loop, std::span<const SubsystemMatch> wanted) {
    udev_.reset(udev_new());
    if (!udev_) {
        return errno_error("open udev");
    }
    monitor_.reset(udev_monitor_new_from_netlink(udev_.get(), "udev"));
    if (!monitor_) {
        return errno_error("listen to udev");
    }
    for (const SubsystemMatch& match : wanted) {
        udev_monitor_filter_add_match_subsystem_devtype(monitor_.get(), match.subsystem,
                                                        match.devtype);
    }
    const int enabled = udev_monitor_enable_receiving(monitor_.get());
    if (enabled < 0) {
        return errno_error(enabled, "listen to udev");
    }
    watch_ = MINIKVM_TRY(
        loop.watch(udev_monitor_get_fd(monitor_.get()), EPOLLIN, [this](auto) { receive(); }));
    return {};
}

void UdevMonitor::receive() {
    while (true) {
        const UdevDevicePtr device(udev_monitor_receive_device(monitor_.get()));
        if (device) {
            callbacks_.on_device(device.get());
        } else if (errno == ENOBUFS) {
            callbacks_.on_lost();
        } else {
            break;  // nothing more now
        }
    }
    if (callbacks_.on_drained) {
        callbacks_.on_drained();
    }
}

}  // namespace minikvm
