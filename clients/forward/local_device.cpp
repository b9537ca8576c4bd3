// SPDX-License-Identifier: MIT
// LocalDevice, by way of libevdev.

#include "clients/forward/local_device.h"

#include <fcntl.h>
#include <linux/input.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <utility>

namespace minikvm {
namespace {

constexpr std::array kForwardedAxes = {
    REL_X, REL_Y, REL_WHEEL, REL_WHEEL_HI_RES, REL_HWHEEL, REL_HWHEEL_HI_RES};

std::chrono::microseconds time_of(const input_event& event) {
    return std::chrono::seconds(event.input_event_sec) +
           std::chrono::microseconds(event.input_event_usec);
}

std::chrono::microseconds now() {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch());
}

bool is_forwarded_axis(std::uint16_t code) {
    return std::ranges::find(kForwardedAxes, code) != kForwardedAxes.end();
}

// From the device's range to that of the stick's tablet.
std::int32_t place_on_screen(std::int64_t value, const input_absinfo& axis) {
    const std::int64_t range = std::int64_t{axis.maximum} - axis.minimum;
    const std::int64_t inside = std::clamp<std::int64_t>(value, axis.minimum, axis.maximum);
    return static_cast<std::int32_t>((inside - axis.minimum) * hid::kAbsoluteMax / range);
}

}  // namespace

Result<std::unique_ptr<LocalDevice>> LocalDevice::open(EventLoop& loop, const std::string& node,
                                                       Callbacks callbacks) {
    std::unique_ptr<LocalDevice> device(new LocalDevice(node, std::move(callbacks)));
    MINIKVM_TRY(device->start(loop));
    return device;
}

Result<void> LocalDevice::start(EventLoop& loop) {
    fd_.reset(::open(node_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (!fd_) {
        return errno_error("open " + node_);
    }
    libevdev* made = nullptr;
    const int result = libevdev_new_from_fd(fd_.get(), &made);
    if (result < 0) {
        return errno_error(result, "read what " + node_ + " is");
    }
    evdev_.reset(made);
    // The clock of the loop, to compare with.
    libevdev_set_clock_id(made, CLOCK_MONOTONIC);
    pointer_ = points_absolutely() ? InputPointer::Absolute : InputPointer::Relative;
    watch_ = MINIKVM_TRY(loop.watch(fd_.get(), EPOLLIN, [this](auto) { drain(); }));
    return {};
}

std::vector<std::uint16_t> LocalDevice::held() const {
    std::vector<std::uint16_t> codes;
    for (unsigned code = 0; code < KEY_CNT; ++code) {
        if (libevdev_get_event_value(evdev_.get(), EV_KEY, code) != 0) {
            codes.push_back(static_cast<std::uint16_t>(code));
        }
    }
    return codes;
}

void LocalDevice::tell_held() {
    for (const std::uint16_t code : held()) {
        callbacks_.on_key(code, true);
    }
}

void LocalDevice::let_go() {
    for (const std::uint16_t code : held()) {
        if (callbacks_.on_key(code, false)) {
            report_.push_back({EV_KEY, code, 0});
        }
    }
    end_report(grabbed_);
}

Result<void> LocalDevice::grab() {
    const int result = libevdev_grab(evdev_.get(), LIBEVDEV_GRAB);
    if (result < 0) {
        return errno_error(result, "take " + node_);
    }
    grabbed_since_ = now();
    grabbed_ = true;
    leds_before_ = shown();
    return {};
}

void LocalDevice::give_back() {
    if (std::exchange(grabbed_, false)) {
        show(leds_before_);
        // It fails for a device that has gone, and then there is nothing to give back.
        static_cast<void>(libevdev_grab(evdev_.get(), LIBEVDEV_UNGRAB));
    }
}

bool LocalDevice::any_key_down() const {
    std::array<std::uint8_t, KEY_CNT / 8> keys{};
    // A device that has gone holds nothing.
    return ::ioctl(fd_.get(), EVIOCGKEY(keys.size()), keys.data()) >= 0 &&
           std::ranges::any_of(keys, [](std::uint8_t eight) { return eight != 0; });
}

hid::LockLeds LocalDevice::shown() const {
    const auto lit = [this](unsigned led) {
        return libevdev_get_event_value(evdev_.get(), EV_LED, led) != 0;
    };
    return {.num = lit(LED_NUML), .caps = lit(LED_CAPSL), .scroll = lit(LED_SCROLLL)};
}

void LocalDevice::show(hid::LockLeds leds) {
    const auto light = [](bool on) { return on ? LIBEVDEV_LED_ON : LIBEVDEV_LED_OFF; };
    // It fails for a device without lights, or that has gone.
    static_cast<void>(libevdev_kernel_set_led_values(evdev_.get(), LED_NUML, light(leds.num),
                                                     LED_CAPSL, light(leds.caps), LED_SCROLLL,
                                                     light(leds.scroll), -1));
}

void LocalDevice::drain() {
    unsigned flag = LIBEVDEV_READ_FLAG_NORMAL;
    while (true) {
        input_event event{};
        const int status = libevdev_next_event(evdev_.get(), flag, &event);
        if (status == LIBEVDEV_READ_STATUS_SYNC && flag == LIBEVDEV_READ_FLAG_NORMAL) {
            flag = LIBEVDEV_READ_FLAG_SYNC;  // some were lost; what is different follows
        } else if (status == -EAGAIN && flag == LIBEVDEV_READ_FLAG_SYNC) {
            flag = LIBEVDEV_READ_FLAG_NORMAL;
        } else if (status == -EAGAIN) {
            return;
        } else if (status < 0) {
            watch_.set_events(0);
            callbacks_.on_gone();
            return;
        } else {
            take(event);
        }
    }
}

void LocalDevice::take(const input_event& event) {
    if (event.type == EV_KEY && (event.value == 0 || event.value == 1)) {
        if (callbacks_.on_key(event.code, event.value == 1)) {
            report_.push_back({event.type, event.code, event.value});
        }
    } else if (event.type == EV_REL || event.type == EV_ABS) {
        take_motion(event);
    } else if (event.type == EV_SYN && event.code == SYN_REPORT) {
        // What this machine has seen, too, is not the stick's.
        end_report(grabbed_ && time_of(event) >= grabbed_since_);
    }
}

void LocalDevice::take_motion(const input_event& event) {
    const bool is_place = event.code == ABS_X || event.code == ABS_Y;
    if (event.type == EV_REL && is_forwarded_axis(event.code)) {
        report_.push_back({event.type, event.code, event.value});
    } else if (event.type == EV_ABS && is_place && pointer_ == InputPointer::Absolute) {
        report_.push_back(
            {event.type, event.code,
             place_on_screen(event.value, *libevdev_get_abs_info(evdev_.get(), event.code))});
    }
}

void LocalDevice::end_report(bool taken) {
    const std::vector<InputEvent> events = std::exchange(report_, {});
    callbacks_.on_report({.pointer = pointer_, .events = events, .taken = taken});
}

// As a virtual machine's tablet does; a mouse may have other absolute axes.
bool LocalDevice::points_absolutely() const {
    const auto has_range = [this](unsigned code) {
        const input_absinfo* const axis = libevdev_get_abs_info(evdev_.get(), code);
        return axis != nullptr && axis->maximum > axis->minimum;
    };
    return has_range(ABS_X) && has_range(ABS_Y) &&
           libevdev_has_event_code(evdev_.get(), EV_REL, REL_X) == 0;
}

}  // namespace minikvm
