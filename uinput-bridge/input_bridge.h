// SPDX-License-Identifier: MIT
// InputBridge: what programs write into the sink or the input socket comes out at the target.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/event_loop.h"
#include "common/latency_window.h"
#include "common/result.h"
#include "device/hid_sink.h"
#include "protocol/input_packet.h"
#include "uinput-bridge/report_scheduler.h"

namespace minikvm {

struct InputOptions {
    std::string id;      // the stick's, e.g. "1-2": names the sink's devices
    std::string socket;  // where the input socket is made; empty: nowhere
};

/// What may change while the bridge runs.
struct InputBehaviour {
    SidewaysWheel sideways_wheel = SidewaysWheel::Off;
    std::optional<std::chrono::seconds> jiggler;  // after so much idleness; none: never
};

struct InputNodes {
    std::string keyboard;  // "/dev/input/event7"; empty while udev is not done with the node
    std::string mouse;
    std::string tablet;

    bool operator==(const InputNodes&) const = default;
};

/// Since the bridge was created.
struct InputCounters {
    std::uint64_t merged_moves = 0;      // motion events that went out together with others
    std::uint64_t unsendable = 0;        // events of keys that the chip cannot send
    std::uint64_t dropped = 0;           // times that the kernel's event buffer overflowed
    std::optional<Percentiles> latency;  // from reading an event to the chip's acknowledgement
};

/// Shape:   create() makes the three sink devices and the input socket, and grabs the event nodes
///          as soon as udev is done with them. attach() says where reports go, detach() that the
///          stick is gone: the nodes stay, keys held in them stay held, and are sent again at the
///          next attach().
/// Errors:  create: what opening /dev/uinput gives (EACCES, ENOENT without the module), and what
///          binding the socket gives.
/// Limits:  six keys besides modifiers, the newest kept.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.3, 7; decisions 4, 5, 6 of docs/architecture.md.
class InputBridge final {
public:
    /// `on_change` is called when nodes(), held(), sources() or clients() changed; it may not
    /// destroy the bridge. It may be empty.
    static Result<std::unique_ptr<InputBridge>> create(EventLoop& loop, InputOptions options,
                                                       std::function<void()> on_change);
    InputBridge(const InputBridge&) = delete;
    InputBridge& operator=(const InputBridge&) = delete;
    ~InputBridge();

    /// `sink` must outlive the bridge or be detached before it goes.
    void attach(HidSink& sink);
    void detach();

    void configure(const InputBehaviour& behaviour);

    /// Whether everything that was to be sent has been sent.
    bool idle() const;

    /// Keys and buttons that sources hold down. Never which.
    std::size_t held() const;
    /// Sources that hold a lease: nodes and connections with something pressed.
    std::size_t sources() const;
    /// Connections to the input socket.
    std::size_t clients() const;
    InputNodes nodes() const;
    InputCounters counters() const;

    /// Releases everything, at the target and on the sink's nodes.
    void release_all();

    /// Shows the target's lights on the sink's keyboard, and both to the socket's clients.
    void set_target(InputTarget target, hid::LockLeds leds);

private:
    class Parts;
    explicit InputBridge(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace minikvm
