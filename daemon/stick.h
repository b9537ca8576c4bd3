// SPDX-License-Identifier: MIT
// Stick: the process's one stick, plugged or not, with its camera, its sink and its attributes.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "configuration/configuration.h"
#include "daemon/attribute_tree.h"
#include "daemon/departure.h"
#include "daemon/descriptor_store.h"
#include "daemon/kept_serial.h"
#include "daemon/node_openers.h"
#include "daemon/reply_deadline.h"
#include "daemon/runtime_links.h"
#include "daemon/session.h"
#include "daemon/stick_attributes.h"
#include "daemon/usb_port.h"
#include "device/register_thread.h"
#include "device/stick_monitor.h"
#include "uinput-bridge/input_bridge.h"
#include "v4l2-bridge/video_bridge.h"

namespace minikvm {

struct StickOptions {
    std::string id;
    std::string directory;        // where the links are made: /run/minikvm/ID
    Configuration configuration;  // that the stick starts with
};

/// Shape:   create() makes the camera and the sink, which stay until destruction, and begins a
///          Session whenever the monitor shows nodes of the stick. What changes is published in
///          the tree; `on_change` is called after it.
/// Errors:  create: what udev and the register thread give. Without a camera or a sink the rest
///          still works: video/problem and input/problem say why.
/// Thread:  the thread that made it (main). Shutdown order: session.h.
class Stick final {
public:
    /// `loop`, `tree` and `store` must outlive the stick.
    static Result<std::unique_ptr<Stick>> create(EventLoop& loop, AttributeTree& tree,
                                                 DescriptorStore& store, StickOptions options,
                                                 std::function<void()> on_change);
    Stick(const Stick&) = delete;
    Stick& operator=(const Stick&) = delete;
    ~Stick();

    /// Who needs the process now; clients of the control socket are the caller's to add.
    Attachments attachments() const;

    StickState state() const;

    /// Takes over what can be changed while the stick is in use (KeyEffect::AtReload).
    void configure(const Configuration& configuration);

    /// The chip confirms within milliseconds; one that does not must not hold up a shutdown.
    static constexpr std::chrono::milliseconds kLongestRelease{500};

    /// Lifts all keys and buttons at the target. `done` is called once the chip has confirmed it,
    /// cannot, or has not for kLongestRelease; perhaps before release() returns.
    void release(std::function<void()> done);

    /// Leaves the stick as the configuration wants it, before the process stops: UsbPort::leave().
    void leave(std::function<void()> done) { usb_port_->leave(std::move(done)); }

private:
    Stick(EventLoop& loop, AttributeTree& tree, DescriptorStore& store, StickOptions options,
          std::function<void()> on_change);

    Result<void> start();
    void make_camera();
    void make_sink();
    void configure_input();
    void take_sets();
    void take_video_sets();
    void change_video(const std::string& name, const VideoWish& wish,
                      const AttributeTree::Reply& reply);
    void nodes_changed(const StickNodes& nodes);
    Result<void> begin_session(const StickNodes& nodes);
    void end_session();
    void video_changed(const VideoStatus& status);
    void input_changed();
    void registers_changed(const RegisterSnapshot& snapshot);
    void publish_all();
    Ch9329Counters chip_counters() const;
    void show_target();
    void point_links();
    void set_release_all(const AttributeTree::Reply& reply);
    void set_jiggler(const std::string& value, const AttributeTree::Reply& reply);
    bool released() const;
    void answer_released(TimePoint now);

    EventLoop& loop_;
    AttributeTree& tree_;
    KeptSerial kept_serial_;
    StickOptions options_;
    std::function<void()> on_change_;
    VideoStatus video_status_;
    std::string input_problem_;
    std::optional<std::chrono::seconds> jiggler_;  // what is set now, first by the configuration
    Ch9329Counters past_counters_;                 // of the sessions that are over

    // Destroyed from the last to the first: the order of session.h, backwards.
    std::unique_ptr<RegisterThread> registers_;
    std::unique_ptr<VideoBridge> video_;
    std::unique_ptr<InputBridge> input_;
    std::unique_ptr<NodeOpeners> openers_;
    RuntimeLinks links_;
    ReplyDeadline replies_;
    std::vector<std::function<void()>> wait_for_release_;
    TimePoint release_deadline_;
    Timer release_timer_;
    std::unique_ptr<UsbPort> usb_port_;
    std::unique_ptr<Session> session_;
    Timer counters_timer_;
    std::unique_ptr<StickMonitor> monitor_;
};

}  // namespace minikvm
