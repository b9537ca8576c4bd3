// SPDX-License-Identifier: MIT
// The input socket.

#include "uinput-bridge/input_server.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/log.h"

namespace minikvm {
namespace {

constexpr int kLongestSilence = 2;  // heartbeats without a hello
// A turn of one client, who may settle each packet at once; others wait meanwhile.
constexpr int kPacketsPerTurn = InputConnection::kWindow;

// False when there is no room now.
bool send_packet(int socket, const EncodedInputPacket& packet) {
    return ::send(socket, packet.bytes().data(), packet.bytes().size(), MSG_NOSIGNAL) >= 0;
}

}  // namespace

InputServer::InputServer(EventLoop& loop, KeyLeases& leases, ReportScheduler& scheduler,
                         Options options, std::function<void()> on_change)
    : loop_(loop),
      leases_(leases),
      scheduler_(scheduler),
      options_(std::move(options)),
      on_change_(std::move(on_change)) {
}

InputServer::~InputServer() {
    for (const auto& [id, client] : clients_) {
        static_cast<void>(
            send_packet(client->socket.get(), encode_input(InputGoodbye{"the daemon is ending"})));
    }
}

Result<std::unique_ptr<InputServer>> InputServer::create(EventLoop& loop, KeyLeases& leases,
                                                         ReportScheduler& scheduler,
                                                         Options options,
                                                         std::function<void()> on_change) {
    std::unique_ptr<InputServer> server(
        new InputServer(loop, leases, scheduler, std::move(options), std::move(on_change)));
    InputServer& self = *server;
    self.heartbeat_ = MINIKVM_TRY(loop.timer([&self](auto) { self.beat(); }));
    self.listener_ = MINIKVM_TRY(UnixListener::create(
        loop, {self.options_.path, SocketType::SeqPacket, "input"},
        [&self](UniqueFd socket) { return self.add_client(std::move(socket)); }));
    return server;
}

Result<void> InputServer::add_client(UniqueFd socket) {
    if (clients_.size() >= kMostClients) {
        // A fresh connection has room for it; where not, closing says enough.
        static_cast<void>(send_packet(
            socket.get(),
            encode_input(InputGoodbye{fmt::format(
                "{} clients are connected, which is the most there may be", kMostClients)})));
        return {};
    }
    const std::uint64_t id = ++next_id_;
    const int fd = socket.get();
    auto client = std::make_unique<Client>(std::move(socket), leases_, scheduler_);
    client->watch = MINIKVM_TRY(
        loop_.watch(fd, EPOLLIN, [this, id](std::uint32_t events) { serve(id, events); }));
    clients_.emplace(id, std::move(client));
    if (!heartbeat_.armed()) {
        heartbeat_.arm_after(kHeartbeat);
    }
    on_change_();
    return {};
}

void InputServer::serve(std::uint64_t id, std::uint32_t events) {
    Client& client = *clients_.at(id);
    const Result<bool> alive = read_packets(client);
    if (!alive) {
        static_cast<void>(
            send_packet(client.socket.get(), encode_input(InputGoodbye{alive.error().context})));
        log::info("client: was disconnected from the input socket: {} id={}", alive.error().context,
                  options_.id);
    }
    if (!alive || !*alive || (events & (EPOLLHUP | EPOLLERR)) != 0) {
        end(id);
        return;
    }
    if (client.stale && (events & EPOLLOUT) != 0) {
        tell(client);
    } else {
        tell_if_news(client);
    }
    choose_events(client);
    on_change_();
}

// False when the client has hung up, or its socket fails.
Result<bool> InputServer::read_packets(Client& client) {
    // One byte more than the largest: a longer packet is seen to be one.
    std::array<std::uint8_t, kMaxInputPacketBytes + 1> buffer{};
    for (int turn = 0; turn < kPacketsPerTurn && client.connection.wants_packet(); ++turn) {
        const ssize_t count = ::recv(client.socket.get(), buffer.data(), buffer.size(), 0);
        if (count < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        if (count == 0) {
            return false;
        }
        const bool was_open = client.connection.open();
        MINIKVM_TRY(
            client.connection.receive(std::span(buffer).first(static_cast<std::size_t>(count))));
        if (!was_open) {
            static_cast<void>(
                send_packet(client.socket.get(),
                            encode_input(InputWelcome{kInputVersion, InputConnection::kWindow})));
            tell(client);
        }
    }
    return true;
}

void InputServer::end(std::uint64_t id) {
    const auto found = clients_.find(id);
    past_unsendable_ += found->second->connection.unsendable();
    const std::size_t held = found->second->connection.end_lease();
    clients_.erase(found);
    if (held > 0) {
        log::info("client: left keys pressed when it left the input socket, released id={} keys={}",
                  options_.id, held);
    }
    on_change_();
}

void InputServer::beat() {
    std::vector<std::uint64_t> mute;
    for (const auto& [id, client] : clients_) {
        if (client->connection.open()) {
            tell(*client);
            choose_events(*client);
        } else if (++client->silent_beats >= kLongestSilence) {
            mute.push_back(id);
        }
    }
    for (const std::uint64_t id : mute) {
        static_cast<void>(
            send_packet(clients_.at(id)->socket.get(),
                        encode_input(InputGoodbye{"a connection begins with a hello; none came"})));
        end(id);
    }
    if (!clients_.empty()) {
        heartbeat_.arm_after(kHeartbeat);
    }
}

void InputServer::tell(Client& client) {
    InputState state = state_;
    client.connection.fill(state);
    client.stale = !send_packet(client.socket.get(), encode_input(state));
    client.told = state;
}

void InputServer::tell_if_news(Client& client) {
    InputState state = state_;
    client.connection.fill(state);
    if (client.connection.open() && !client.stale && state != client.told) {
        tell(client);
    }
}

void InputServer::choose_events(Client& client) {
    // That a client hung up is reported all the same.
    client.watch.set_events((client.connection.wants_packet() ? EPOLLIN : 0U) |
                            (client.stale ? EPOLLOUT : 0U));
}

void InputServer::set_target(InputTarget target, hid::LockLeds leds) {
    state_.target = target;
    state_.leds = leds;
    for (const auto& [id, client] : clients_) {
        tell_if_news(*client);
        choose_events(*client);
    }
}

void InputServer::settled(const Settlement& settlement) {
    for (const auto& [id, client] : clients_) {
        if (client->connection.settled(settlement)) {
            tell_if_news(*client);
            choose_events(*client);
        }
    }
}

std::uint64_t InputServer::unsendable() const {
    std::uint64_t count = past_unsendable_;
    for (const auto& [id, client] : clients_) {
        count += client->connection.unsendable();
    }
    return count;
}

void InputServer::forget_held() {
    for (const auto& [id, client] : clients_) {
        client->connection.forget_held();
    }
}

}  // namespace minikvm
