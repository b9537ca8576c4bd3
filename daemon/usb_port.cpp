// SPDX-License-Identifier: MIT
// Who moves the switchable USB port, and why.

#include "daemon/usb_port.h"

#include <utility>

#include <fmt/format.h>

#include "common/log.h"
#include "control/attribute_text.h"
#include "daemon/stick_attributes.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

constexpr log::MessageId kPortNotMoved{"e18f5a6ca22146bab02b308c03da244b"};

// Values of usb/moved_by.
constexpr const char* kClient = "client";
constexpr const char* kSlide = "slide";
constexpr const char* kStart = "start";
constexpr const char* kWithoutTarget = "without-target";

}  // namespace

UsbPort::UsbPort(EventLoop& loop, AttributeTree& tree, const UsbConfiguration& configuration)
    : loop_(loop), tree_(tree), configuration_(configuration), replies_(loop) {
}

Result<std::unique_ptr<UsbPort>> UsbPort::create(EventLoop& loop, AttributeTree& tree,
                                                 UsbSwitchParts parts,
                                                 const UsbConfiguration& configuration) {
    std::unique_ptr<UsbPort> port(new UsbPort(loop, tree, configuration));
    port->leave_timer_ = MINIKVM_TRY(loop.timer([self = port.get()](auto) {
        if (self->left_) {
            std::exchange(self->left_, nullptr)();
        }
    }));
    port->switch_ = MINIKVM_TRY(UsbSwitch::create(
        loop, std::move(parts),
        [self = port.get()](Verified verified) { publish_verified(self->tree_, verified); }));
    port->take_sets();
    port->follow_slide(configuration.follow_slide);
    tree.publish("usb/problem", "");
    return port;
}

void UsbPort::take_sets() {
    tree_.on_set("usb/switch", [this](const std::string& value, const auto& reply) {
        set_switch(value, replies_.bound("usb/switch", reply));
    });
    tree_.on_set("usb/power",
                 [this](const std::string& value, const auto& reply) { set_power(value, reply); });
    tree_.on_set("usb/follow_slide", [this](const std::string& value, const auto& reply) {
        follow_slide(value == yes_or_no(true));
        reply(value);
    });
}

void UsbPort::configure(const UsbConfiguration& configuration) {
    if (configuration.follow_slide != configuration_.follow_slide) {
        follow_slide(configuration.follow_slide);
    }
    configuration_ = configuration;
}

void UsbPort::follow_slide(bool follow) {
    follow_slide_ = follow;
    tree_.publish("usb/follow_slide", yes_or_no(follow));
}

void UsbPort::set_switch(const std::string& value, const AttributeTree::Reply& reply) {
    if (view_.chip == SwitchView::Chip::Absent) {
        reply(make_error(ControlError::NoDevice, "usb/switch: the stick is not plugged in"));
        return;
    }
    if (view_.chip == SwitchView::Chip::Foreign) {
        reply(make_error(ControlError::NoDevice,
                         fmt::format("usb/switch: not available: {}", view_.problem)));
        return;
    }
    if (value == "toggle" && !view_.position) {
        reply(make_error(ControlError::NoDevice,
                         "usb/switch: the stick has not said where it stands, so it cannot be "
                         "toggled; host and target can be set"));
        return;
    }
    const bool to_host = value == "toggle" ? *view_.position == SwitchPosition::Target
                                           : value == usb_side_name(SwitchPosition::Host);
    move(to_host ? SwitchPosition::Host : SwitchPosition::Target, kClient, reply);
}

void UsbPort::set_power(const std::string& value, const AttributeTree::Reply& reply) {
    if (!lines_open_) {
        reply(make_error(ControlError::NoDevice,
                         "usb/power: the stick's serial half, which switches it, is not there"));
        return;
    }
    if (value == "cycle") {
        switch_->cycle_power();
    } else {
        const Result<void> set = switch_->set_power(value == "on" ? UsbPower::On : UsbPower::Off);
        if (!set) {
            reply(tl::unexpected<Error>(set.error()));
            return;
        }
    }
    publish_power();
    reply(tree_.get("usb/power"));
}

void UsbPort::move(SwitchPosition side, const char* mover, const AttributeTree::Reply& reply) {
    switch_->select(side, [this, mover, reply](const Result<SwitchPosition>& position) {
        if (!position) {
            reply(make_error(position.error().code, "usb/switch: " + position.error().context));
            return;
        }
        view_.position = *position;
        std::string name(usb_side_name(*position));
        tree_.publish("usb/moved_by", mover);
        tree_.publish("usb/switch", name);
        reply(std::move(name));
    });
}

void UsbPort::move_by_itself(SwitchPosition side, const char* mover) {
    move(side, mover, [mover](const Result<std::string>& moved) {
        if (moved) {
            log::info("USB port moved: by={} side={}", mover, *moved);
        } else {
            log::warning(kPortNotMoved, "device: USB port not moved: by={} {}", mover,
                         moved.error().message());
        }
    });
}

void UsbPort::see(const SwitchView& view) {
    view_ = view;
    tree_.publish("usb/problem", view.problem);
    if (view.position) {
        switch_->position_seen(*view.position);
    }
    const bool answering = view.chip == SwitchView::Chip::Answering;
    if (answering && view.position && !std::exchange(started_, true) && configuration_.at_start &&
        *configuration_.at_start != *view.position) {
        move_by_itself(*configuration_.at_start, kStart);
    }
    if (!view.slide) {
        return;
    }
    const std::optional<SwitchPosition> before = std::exchange(slide_, view.slide);
    if (follow_slide_ && before && *before != *view.slide) {
        move_by_itself(*view.slide, kSlide);
    }
}

void UsbPort::set_lines_open(bool open) {
    const bool was_open = std::exchange(lines_open_, open);
    if (was_open && !open) {
        switch_->port_gone();
    } else if (!was_open && open) {
        switch_->port_opened();
    }
    publish_power();
}

void UsbPort::publish_power() {
    tree_.publish("usb/power",
                  lines_open_ ? std::optional<std::string>(switch_->is_kept_off() ? "off" : "on")
                              : std::nullopt);
}

void UsbPort::target_changed(std::optional<bool> connected) {
    const std::optional<bool> before = std::exchange(target_, connected);
    if (before == true && connected == false && configuration_.without_target &&
        view_.position != configuration_.without_target &&
        view_.chip != SwitchView::Chip::Foreign) {
        move_by_itself(*configuration_.without_target, kWithoutTarget);
    }
}

void UsbPort::stick_gone() {
    view_ = SwitchView();
    slide_.reset();
    target_.reset();
    started_ = false;
    switch_->stick_gone();
    set_lines_open(false);
    tree_.publish("usb/moved_by", std::nullopt);
    tree_.publish("usb/problem", "");
}

void UsbPort::leave(std::function<void()> done) {
    if (!configuration_.at_stop || !view_.position || view_.chip == SwitchView::Chip::Foreign ||
        *view_.position == *configuration_.at_stop) {
        done();
        return;
    }
    left_ = std::move(done);
    leave_timer_.arm_after(kLongestLeave);
    switch_->select(*configuration_.at_stop, [this](const Result<SwitchPosition>& position) {
        if (!position) {
            log::warning(kPortNotMoved, "device: USB port not moved: by=stop {}",
                         position.error().message());
        }
        // The power is back by then, or else as the switch is destroyed.
        leave_timer_.arm_after(position ? kPowerPulse : std::chrono::milliseconds(0));
    });
}

}  // namespace minikvm
