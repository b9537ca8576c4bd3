// SPDX-License-Identifier: MIT
// Daemon: the process of one stick, from its start to its exit status.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/event_loop.h"
#include "common/host_sleep.h"
#include "common/log.h"
#include "common/result.h"
#include "configuration/configuration.h"
#include "configuration/settings.h"
#include "control/attribute_tree.h"
#include "control/control_server.h"
#include "daemon/departure.h"
#include "daemon/descriptor_store.h"
#include "daemon/kept_settings.h"
#include "daemon/stick.h"

namespace minikvm {

struct DaemonOptions {
    std::string id;
    std::string directory;           // /run/minikvm/ID, which the service manager has made
    std::string configuration_path;  // minikvm.toml
    /// Goes before the configuration's; none: that holds.
    std::optional<log::Level> log_level;
};

/// Why the process ends, as its exit status.
enum class ExitStatus {
    Done = 0,
    Failed = 1,
    Usage = 2,
    /// The stick came back while the process was leaving. A start of a unit that still runs is no
    /// start at all, so the unit asks to be started once more (RestartForceExitStatus=).
    StartAgain = 75,
};

/// Shape:   create(), run() until it returns.
///
///              running --SIGTERM, SIGINT, SIGUSR1--> releasing --released, or late--> Done
///                 |  ^
///                 v  |somebody attached
///              lingering --over--> leaving --stick still absent--> Done
///                                     \------stick is back-------> StartAgain
///
///          SIGHUP reads the configuration again, in any state. SIGUSR1 is what the service manager
///          ends a process with that it will start again (RestartKillSignal=): the cameras go on,
///          the USB port stays where it is, and what clients have set holds.
///          Leaving is said to the service manager and taken in by it before the last look: a
///          replug that the look misses meets a unit that is stopping, and is started after it.
/// Errors:  create: what stops the process from serving at all: its directory, udev.
/// Thread:  main. Shutdown order: session.h.
class Daemon final {
public:
    static Result<std::unique_ptr<Daemon>> create(DaemonOptions options);
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;
    ~Daemon() = default;

    Result<ExitStatus> run();

private:
    Daemon(DaemonOptions options, DescriptorStore store);

    Result<void> start();
    void stick_changed();
    void reload();
    void use(Settings settings);
    void watch_host_sleep();
    void keep(std::string_view attribute, const std::string& value);
    void end(std::function<void()> released);
    void terminate();
    void restart();
    void leave();

    DaemonOptions options_;
    Settings settings_;  // as the files have them
    KeptSettings kept_settings_;
    Configuration configuration_;  // of this stick, from both
    DescriptorStore store_;
    std::unique_ptr<EventLoop> loop_;
    Watch terminate_watch_;
    Watch interrupt_watch_;
    Watch restart_watch_;
    Watch reload_watch_;
    Timer departure_timer_;
    AttributeTree tree_;
    Departure departure_;
    ExitStatus status_ = ExitStatus::Done;
    bool ending_ = false;
    std::string told_status_;
    std::unique_ptr<ControlServer> server_;
    std::unique_ptr<Stick> stick_;           // first to go: it answers what clients still wait for
    std::unique_ptr<HostSleep> host_sleep_;  // calls the stick; none: there is no system bus
};

}  // namespace minikvm
