// SPDX-License-Identifier: MIT
// SinkDevice over uinput, evdev, inotify and udev.

#include "uinput-bridge/sink_device.h"

#include <fcntl.h>
#include <linux/uinput.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>

#include <array>
#include <string_view>
#include <utility>

namespace minikvm {
namespace {

using EvdevPtr = std::unique_ptr<libevdev, detail::EvdevDeleter>;

constexpr std::array kInput = {SubsystemMatch{"input", nullptr}};

void enable_axis(libevdev* device, unsigned code) {
    input_absinfo axis{};
    axis.maximum = hid::kAbsoluteMax;
    // Outside, so that the first place written is news to the kernel wherever it is.
    axis.value = -1;
    libevdev_enable_event_code(device, EV_ABS, code, &axis);
}

EvdevPtr describe(SinkRole role, const std::string& id) {
    EvdevPtr device(libevdev_new());
    libevdev_set_name(device.get(), sink_name(role, id).c_str());
    libevdev_set_id_bustype(device.get(), BUS_VIRTUAL);
    for (const hid::KeymapEntry& entry : hid::keymap()) {
        if (has_key(role, entry)) {
            libevdev_enable_event_code(device.get(), EV_KEY, static_cast<unsigned>(entry.code),
                                       nullptr);
        }
    }
    switch (role) {
        case SinkRole::Keyboard:
            for (const unsigned led : {LED_NUML, LED_CAPSL, LED_SCROLLL}) {
                libevdev_enable_event_code(device.get(), EV_LED, led, nullptr);
            }
            break;
        case SinkRole::Mouse:
            for (const unsigned axis :
                 {REL_X, REL_Y, REL_WHEEL, REL_WHEEL_HI_RES, REL_HWHEEL, REL_HWHEEL_HI_RES}) {
                libevdev_enable_event_code(device.get(), EV_REL, axis, nullptr);
            }
            break;
        case SinkRole::Tablet:
            enable_axis(device.get(), ABS_X);
            enable_axis(device.get(), ABS_Y);
            break;
    }
    return device;
}

}  // namespace

Result<std::unique_ptr<SinkDevice>> SinkDevice::create(EventLoop& loop, SinkRole role,
                                                       const std::string& id,
                                                       SinkCallbacks callbacks) {
    std::unique_ptr<SinkDevice> device(new SinkDevice(loop, std::move(callbacks)));
    // Before the device exists, so that no word of udev's about it is missed.
    MINIKVM_TRY(device->start_monitor());
    MINIKVM_TRY(device->make_device(role, id));
    const Result<void> opened = device->open_node();
    if (!opened && opened.error().code != std::errc::permission_denied) {
        return tl::unexpected<Error>(opened.error());
    }
    if (opened && device->udev_is_done()) {
        device->ready_ = true;
    }
    return device;
}

Result<void> SinkDevice::start_monitor() {
    const auto look = [this] {
        if (!ready_ && udev_is_done()) {
            on_udev_done();
        }
    };
    udev_ = MINIKVM_TRY(UdevMonitor::create(
        loop_, kInput, {[this](udev_device* device) { on_udev(device); }, look}));
    return {};
}

Result<void> SinkDevice::make_device(SinkRole role, const std::string& id) {
    uinput_fd_.reset(::open("/dev/uinput", O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (!uinput_fd_) {
        return errno_error("open /dev/uinput");
    }
    const std::string phys = sink_phys(role, id);
    if (::ioctl(uinput_fd_.get(), UI_SET_PHYS, phys.c_str()) < 0) {
        return errno_error("name the sink " + phys);
    }
    const EvdevPtr description = describe(role, id);
    libevdev_uinput* made = nullptr;
    const int result =
        libevdev_uinput_create_from_device(description.get(), uinput_fd_.get(), &made);
    if (result < 0) {
        return errno_error(result, "make the sink " + phys);
    }
    uinput_.reset(made);
    const char* const node = libevdev_uinput_get_devnode(made);
    if (node == nullptr) {
        return make_error(std::make_error_code(std::errc::no_such_device),
                          "find the node of the sink " + phys);
    }
    node_ = node;
    return {};
}

Result<void> SinkDevice::open_node() {
    UniqueFd fd(::open(node_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (!fd) {
        return errno_error("open " + node_);
    }
    libevdev* opened = nullptr;
    int result = libevdev_new_from_fd(fd.get(), &opened);
    if (result < 0) {
        return errno_error(result, "read what " + node_ + " is");
    }
    EvdevPtr evdev(opened);
    result = libevdev_grab(opened, LIBEVDEV_GRAB);
    if (result < 0) {
        return errno_error(result, "grab " + node_);
    }
    node_fd_ = std::move(fd);
    evdev_ = std::move(evdev);
    MINIKVM_TRY(watch_closes());
    node_watch_ = MINIKVM_TRY(loop_.watch(node_fd_.get(), EPOLLIN, [this](auto) { drain(); }));
    return {};
}

Result<void> SinkDevice::watch_closes() {
    inotify_.reset(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!inotify_ || ::inotify_add_watch(inotify_.get(), node_.c_str(), IN_CLOSE_WRITE) < 0) {
        return errno_error("watch " + node_);
    }
    close_watch_ =
        MINIKVM_TRY(loop_.watch(inotify_.get(), EPOLLIN, [this](auto) { read_closes(); }));
    return {};
}

bool SinkDevice::udev_is_done() const {
    const std::string name = node_.substr(node_.rfind('/') + 1);
    const UdevDevicePtr device(
        udev_device_new_from_subsystem_sysname(udev_->context(), "input", name.c_str()));
    return device && udev_device_get_is_initialized(device.get()) > 0;
}

void SinkDevice::on_udev(udev_device* device) {
    const char* const node = udev_device_get_devnode(device);
    if (node != nullptr && node_ == node && !ready_) {
        on_udev_done();
    }
}

// The node may still be refused to us, until another rule has run; udev then says so again.
void SinkDevice::on_udev_done() {
    if (!node_fd_ && !open_node()) {
        return;
    }
    ready_ = true;
    if (callbacks_.on_ready) {
        callbacks_.on_ready();
    }
}

void SinkDevice::drain() {
    bool came = false;
    unsigned flag = LIBEVDEV_READ_FLAG_NORMAL;
    for (;;) {
        input_event event{};
        const int status = libevdev_next_event(evdev_.get(), flag, &event);
        if (status == -EAGAIN && flag == LIBEVDEV_READ_FLAG_SYNC) {
            flag = LIBEVDEV_READ_FLAG_NORMAL;  // what was lost is made up for
            continue;
        }
        if (status < 0) {
            break;
        }
        if (status == LIBEVDEV_READ_STATUS_SYNC && flag == LIBEVDEV_READ_FLAG_NORMAL) {
            ++dropped_;
            flag = LIBEVDEV_READ_FLAG_SYNC;
            continue;
        }
        callbacks_.on_event(event);
        came = true;
    }
    if (came) {
        callbacks_.on_drained();
    }
}

void SinkDevice::read_closes() {
    alignas(inotify_event) std::array<char, 1024> buffer{};
    while (::read(inotify_.get(), buffer.data(), buffer.size()) > 0) {
    }
    // What it wrote before it closed comes first.
    drain();
    callbacks_.on_writer_closed();
}

void SinkDevice::release(std::span<const hid::KeyCode> codes) {
    for (const hid::KeyCode code : codes) {
        write(EV_KEY, static_cast<std::uint16_t>(code), 0);
    }
    write(EV_SYN, SYN_REPORT, 0);
}

void SinkDevice::show(hid::LockLeds leds) {
    write(EV_LED, LED_NUML, leds.num ? 1 : 0);
    write(EV_LED, LED_CAPSL, leds.caps ? 1 : 0);
    write(EV_LED, LED_SCROLLL, leds.scroll ? 1 : 0);
    write(EV_SYN, SYN_REPORT, 0);
}

void SinkDevice::write(std::uint16_t type, std::uint16_t code, std::int32_t value) {
    // Cannot fail while the device exists, and it exists as long as we do.
    libevdev_uinput_write_event(uinput_.get(), type, code, value);
}

}  // namespace minikvm
