// SPDX-License-Identifier: MIT
// UsbPort: the switchable USB port as clients, the slide switch and the configuration move it.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "configuration/configuration.h"
#include "control/attribute_tree.h"
#include "daemon/reply_deadline.h"
#include "daemon/switch_view.h"
#include "device/usb_switch.h"

namespace minikvm {

/// Shape:   carries out what is set below usb/ and publishes usb/switch, usb/power,
///          usb/follow_slide, usb/moved_by, usb/verified and usb/problem. It is told what the
///          stick's parts say; the last one who asks for a move wins.
/// Errors:  of a set: NoDevice when the stick, its serial half or the vendor's firmware is not
///          there; Busy when the chip has not answered within ReplyDeadline::kLongest; else what
///          UsbSwitch gives. A move that nobody waits for is logged when it fails.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 4.
class UsbPort final {
public:
    /// `loop`, `tree` and what the parts refer to must outlive it.
    static Result<std::unique_ptr<UsbPort>> create(EventLoop& loop, AttributeTree& tree,
                                                   UsbSwitchParts parts,
                                                   const UsbConfiguration& configuration);
    UsbPort(const UsbPort&) = delete;
    UsbPort& operator=(const UsbPort&) = delete;
    ~UsbPort() = default;

    /// Takes over what has changed; a set of usb/follow_slide lasts until the file says otherwise.
    void configure(const UsbConfiguration& configuration);

    /// What is known of the switch now, the slide among it.
    void see(const SwitchView& view);

    /// What the switchable port shows; empty when nothing is there.
    void device_changed(const std::string& device) { switch_->device_changed(device); }

    /// Whether the serial half's lines, which give the port its power, are ours now.
    void set_lines_open(bool open);

    /// Whether the target takes the stick's keyboard; nothing while that is not known.
    void target_changed(std::optional<bool> connected);

    /// The stick is in use already, by an earlier process: at_start was for that one.
    void go_on() { started_ = true; }

    void stick_gone();

    /// Moves the port where it is to be left; `done` is called once it has gone, cannot, or has not
    /// for kLongestLeave, perhaps before leave() returns.
    void leave(std::function<void()> done);
    static constexpr std::chrono::milliseconds kLongestLeave{1500};

private:
    UsbPort(EventLoop& loop, AttributeTree& tree, const UsbConfiguration& configuration);

    void take_sets();
    void set_switch(const std::string& value, const AttributeTree::Reply& reply);
    void set_power(const std::string& value, const AttributeTree::Reply& reply);
    void move(SwitchPosition side, const char* mover, const AttributeTree::Reply& reply);
    void follow_slide(bool follow);
    void move_by_itself(SwitchPosition side, const char* mover);
    void publish_power();

    EventLoop& loop_;
    AttributeTree& tree_;
    UsbConfiguration configuration_;
    SwitchView view_;
    std::optional<SwitchPosition> slide_;  // as last seen, of this session
    std::optional<bool> target_;
    bool follow_slide_ = false;
    bool lines_open_ = false;
    bool started_ = false;  // the session's at_start has been looked at
    std::function<void()> left_;
    Timer leave_timer_;
    ReplyDeadline replies_;
    std::unique_ptr<UsbSwitch> switch_;  // first to go: its callbacks use the rest
};

}  // namespace minikvm
