// SPDX-License-Identifier: MIT
// Forwarder: this machine's keyboards and mice, the sticks, and the machine that decides.

#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clients/forward/forward_machine.h"
#include "clients/forward/local_devices.h"
#include "clients/forward/stick_link.h"
#include "common/event_loop.h"
#include "common/result.h"
#include "configuration/settings.h"
#include "control/attribute_tree.h"
#include "control/control_server.h"

namespace minikvm {

struct ForwarderOptions {
    std::string sticks_directory;    // /run/minikvm, with a directory for each stick
    std::string socket_path;         // of our own control socket
    std::string configuration_path;  // minikvm.toml
};

/// Shape:   create(), run() until it returns, which is after SIGTERM or SIGINT: the devices are
/// given
///          back, and what was typed is sent, for a second at most. SIGHUP reads the configuration
///          again. Whatever ends the process gives the devices back: the kernel drops the grab.
/// Errors:  create: the control socket cannot be made, udev cannot be listened to.
/// Limits:  no step waits for a stick: the panic chord works whatever that does.
/// Thread:  main.
class Forwarder final : private ForwardActions {
public:
    static Result<std::unique_ptr<Forwarder>> create(ForwarderOptions options);
    ~Forwarder() override;

    Result<void> run();

private:
    explicit Forwarder(ForwarderOptions options);

    Result<void> start();
    void configure();
    void reload();
    void stop();

    // ForwardActions
    std::vector<std::string> sticks() override;
    void connect(const std::string& stick) override;
    void disconnect() override;
    bool grab() override;
    void give_back() override;

    void on_report(const LocalReport& report);
    void on_device_gone(DeviceId device);
    void on_state();
    void on_lost(const Error& error);
    void lose(GivenBack reason, std::string problem);
    void after_step();
    void publish();
    void set_target(const std::string& value, const AttributeTree::Reply& reply);
    void set_trial(const std::string& value, const AttributeTree::Reply& reply);

    ForwarderOptions options_;
    Settings settings_;
    std::unique_ptr<EventLoop> loop_;
    Watch terminate_watch_;
    Watch interrupt_watch_;
    Watch reload_watch_;
    Timer trial_timer_;
    AttributeTree tree_;
    std::unique_ptr<ControlServer> server_;
    ForwardMachine machine_;
    std::unique_ptr<LocalDevices> devices_;
    std::unique_ptr<StickLink> link_;
    std::list<std::unique_ptr<StickLink>> parting_;  // that still send what was typed
    std::optional<std::chrono::seconds> next_trial_;
    std::optional<hid::LockLeds> shown_;  // on the devices that are taken
    std::string problem_;
    std::uint64_t reports_ = 0;
    ForwardState told_state_ = ForwardState::Host;
    std::string told_stick_;
    std::string told_problem_;
    bool stopping_ = false;
};

}  // namespace minikvm
