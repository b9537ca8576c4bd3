// SPDX-License-Identifier: MIT
// Stick: the process's one stick, plugged or not, with its camera, its sink and its attributes.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "configuration/configuration.h"
#include "control/attribute_tree.h"
#include "control/control_picture.h"
#include "daemon/departure.h"
#include "daemon/descriptor_store.h"
#include "daemon/kept_serial.h"
#include "daemon/node_openers.h"
#include "daemon/reply_deadline.h"
#include "daemon/runtime_links.h"
#include "daemon/session.h"
#include "daemon/stick_attributes.h"
#include "daemon/stick_camera.h"
#include "daemon/stick_sink.h"
#include "daemon/usb_port.h"
#include "device/register_thread.h"
#include "device/stick_monitor.h"
#include "device/stick_topology.h"

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

    /// How many programs look at the tree now. While none does, and nobody watches a camera, what
    /// only they would see is looked at seldom or not at all.
    void set_clients(std::size_t clients);

    /// As StickSink::release().
    void release(std::function<void()> done) { sink_->release(std::move(done)); }

    /// A picture of the target's screen, once a look at the register has said whether there is one.
    void take_screenshot(ScreenshotWish wish, const ControlPictureReply& reply);

    /// The next process goes on with the cameras; else they end with this object.
    void leave_cameras() { camera_.leave(); }

    /// This machine is about to sleep: the stick's stream ends, keys and buttons are lifted, and
    /// nothing more is sent until wake(). `ready` is called as release()'s `done` is.
    void sleep(std::function<void()> ready);
    void wake();

    /// Leaves the stick as the configuration wants it, before the process stops: UsbPort::leave().
    void leave(std::function<void()> done) { usb_port_->leave(std::move(done)); }

private:
    Stick(EventLoop& loop, AttributeTree& tree, DescriptorStore& store, StickOptions options,
          std::function<void()> on_change);

    Result<void> start();
    void take_reset(const char* name, StickPort port);
    void reset_device(const std::string& node);
    void look_or_rest();

    void nodes_changed(const StickNodes& nodes);
    Result<void> begin_session(const StickNodes& nodes);
    Result<SerialPort> open_serial(const std::string& node, UsbId id);
    void end_session();
    bool line_works() const;
    void find_generation();
    CaptureModel capture_chip() const;
    ChipCounters chip_counters() const;
    RecoveryCounters recoveries() const;

    std::optional<SwitchWay> switch_way() const;
    void show_switch();
    void move_port(SwitchPosition side, const RegisterThread::SwitchCallback& done);

    void camera_changed();
    void sink_changed();
    void registers_changed(const RegisterSnapshot& snapshot);
    void publish_all();
    void point_links();

    struct SinkUse {
        InputNodes nodes;
        std::size_t clients = 0;

        bool operator==(const SinkUse&) const = default;
    };

    EventLoop& loop_;
    AttributeTree& tree_;
    KeptSerial kept_serial_;
    StickOptions options_;
    std::function<void()> on_change_;
    std::optional<Generation> generation_;  // the last one that was plugged in
    std::size_t clients_ = 0;
    bool rests_ = false;
    SinkUse sink_use_;                  // as it was told last
    ChipCounters past_counters_;        // of the sessions that are over
    RecoveryCounters past_recoveries_;  // likewise

    // Destroyed from the last to the first: the order of session.h, backwards.
    std::unique_ptr<RegisterThread> registers_;
    StickCamera camera_;
    std::unique_ptr<StickSink> sink_;
    std::unique_ptr<NodeOpeners> openers_;
    RuntimeLinks links_;
    ReplyDeadline replies_;
    std::unique_ptr<UsbPort> usb_port_;
    std::unique_ptr<Session> session_;
    Timer counters_timer_;
    std::unique_ptr<StickMonitor> monitor_;
};

}  // namespace minikvm
