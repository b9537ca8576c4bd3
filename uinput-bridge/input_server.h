// SPDX-License-Identifier: MIT
// InputServer: the input socket, whose every connection is a source of its own.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "common/unix_listener.h"
#include "protocol/input_packet.h"
#include "uinput-bridge/input_connection.h"
#include "uinput-bridge/key_leases.h"
#include "uinput-bridge/report_scheduler.h"

namespace minikvm {

/// Shape:   listens from create() on. A connection that ends, however it ends, loses its lease at
///          once: up to InputConnection::kWindow packets that it had sent before are still carried
///          out, then what only it held is released.
/// Errors:  create: what bind(2) gives. Later ones concern one client, who is told the reason and
///          disconnected.
/// Limits:  kMostClients at a time; one more is told so and disconnected, and so is one that does
///          not begin with its hello within two heartbeats. A client that does not read gets the
///          newest state once it does, and no older one.
/// Thread:  the thread that made it.
/// Source:  docs/input-socket.md; decision 5 of docs/architecture.md.
class InputServer final {
public:
    static constexpr std::size_t kMostClients = 16;
    static constexpr std::chrono::seconds kHeartbeat{1};

    struct Options {
        std::string path;
        std::string id;  // the stick's, for the log
    };

    /// Makes the socket at `options.path`, for its owner and group; destruction removes it. `loop`,
    /// `leases` and `scheduler` must outlive the server. `on_change` is called when a client came
    /// or went, or when what is held may have changed.
    static Result<std::unique_ptr<InputServer>> create(EventLoop& loop, KeyLeases& leases,
                                                       ReportScheduler& scheduler, Options options,
                                                       std::function<void()> on_change);
    InputServer(const InputServer&) = delete;
    InputServer& operator=(const InputServer&) = delete;
    ~InputServer();

    std::size_t clients() const { return clients_.size(); }

    /// What clients are told of the target from now on.
    void set_target(InputTarget target, hid::LockLeds leds);

    /// To be connected to ReportScheduler::on_settled.
    void settled(const Settlement& settlement);

    /// Events of clients that cannot be sent.
    std::uint64_t unsendable() const;

    /// Everything that clients hold counts as released, at the target by the caller.
    void forget_held();

private:
    struct Client {
        Client(UniqueFd connected, KeyLeases& leases, ReportScheduler& scheduler)
            : socket(std::move(connected)), connection(leases, scheduler) {}

        UniqueFd socket;
        InputConnection connection;
        InputState told;
        bool stale = false;  // the state is to be told once the client reads
        int silent_beats = 0;
        Watch watch;  // after the descriptor that it watches
    };

    InputServer(EventLoop& loop, KeyLeases& leases, ReportScheduler& scheduler, Options options,
                std::function<void()> on_change);

    Result<void> add_client(UniqueFd socket);
    void serve(std::uint64_t id, std::uint32_t events);
    Result<bool> read_packets(Client& client);
    void end(std::uint64_t id);
    void beat();
    void tell(Client& client);
    void tell_if_news(Client& client);
    static void choose_events(Client& client);

    EventLoop& loop_;
    KeyLeases& leases_;
    ReportScheduler& scheduler_;
    Options options_;
    std::function<void()> on_change_;
    InputState state_;  // without acknowledgements, which each client has its own of
    std::uint64_t past_unsendable_ = 0;
    std::uint64_t next_id_ = 0;
    Timer heartbeat_;
    std::map<std::uint64_t, std::unique_ptr<Client>> clients_;
    std::unique_ptr<UnixListener> listener_;
};

}  // namespace minikvm
