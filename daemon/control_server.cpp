// SPDX-License-Identifier: MIT
// The control socket.

#include "daemon/control_server.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

#include <fmt/format.h>

#include "common/log.h"
#include "common/unix_socket.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

constexpr mode_t kSocketMode = 0660;                  // owner and group
constexpr std::chrono::seconds kAcceptPause{1};       // when there are no descriptors left
constexpr std::size_t kReadBytes = kMaxRequestBytes;  // a turn; others wait meanwhile
constexpr int kReadsPerTurn = 4;

}  // namespace

ControlServer::ControlServer(EventLoop& loop, AttributeTree& tree, std::string path,
                             std::function<void()> on_clients)
    : loop_(loop), tree_(tree), path_(std::move(path)), on_clients_(std::move(on_clients)) {
}

ControlServer::~ControlServer() {
    if (listener_) {
        ::unlink(path_.c_str());
    }
}

Result<std::unique_ptr<ControlServer>> ControlServer::create(EventLoop& loop, AttributeTree& tree,
                                                             const std::string& path,
                                                             std::function<void()> on_clients) {
    std::unique_ptr<ControlServer> server(
        new ControlServer(loop, tree, path, std::move(on_clients)));
    ControlServer& self = *server;
    self.listener_ = MINIKVM_TRY(listen_unix(path, SocketType::Stream, kSocketMode));
    self.accept_again_ =
        MINIKVM_TRY(loop.timer([&self](auto) { self.listener_watch_.set_events(EPOLLIN); }));
    self.listener_watch_ = MINIKVM_TRY(
        loop.watch(self.listener_.get(), EPOLLIN, [&self](auto) { self.accept_clients(); }));
    return server;
}

void ControlServer::accept_clients() {
    Result<UniqueFd> socket = accept_unix(listener_.get());
    if (!socket && (socket.error().code == std::errc::resource_unavailable_try_again ||
                    socket.error().code == std::errc::connection_aborted)) {
        return;
    }
    Result<void> added = socket ? add_client(std::move(*socket))
                                : Result<void>(tl::unexpected<Error>(std::move(socket.error())));
    if (!added) {
        log::warning("kernel: no new control client: {}", added.error().message());
        listener_watch_.set_events(0);
        accept_again_.arm_after(kAcceptPause);
    }
}

Result<void> ControlServer::add_client(UniqueFd socket) {
    if (clients_.size() >= kMostClients) {
        const std::string refusal = format_error(
            ControlError::Busy,
            fmt::format("{} clients are connected, which is the most there may be", kMostClients));
        // A fresh connection has room for it; where not, closing says enough.
        static_cast<void>(
            ::send(socket.get(), refusal.data(), refusal.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
        return {};
    }
    const std::uint64_t id = ++next_id_;
    const int fd = socket.get();
    auto client = std::make_unique<Client>(
        Client{id, std::move(socket),
               ControlConversation(tree_,
                                   [this, id](const std::string& name, const std::string& value) {
                                       request_set(id, name, value);
                                   }),
               Watch()});
    client->watch = MINIKVM_TRY(
        loop_.watch(fd, EPOLLIN, [this, id](std::uint32_t events) { serve(id, events); }));
    clients_.emplace(id, std::move(client));
    on_clients_();
    return {};
}

void ControlServer::request_set(std::uint64_t id, const std::string& name,
                                const std::string& value) {
    tree_.set(name, value, [this, id](const Result<std::string>& result) {
        const auto found = clients_.find(id);
        if (found == clients_.end()) {
            return;  // went away meanwhile
        }
        found->second->conversation.answer(result);
        choose_events(*found->second);
    });
}

void ControlServer::attribute_changed(std::string_view name, std::string_view value) {
    for (const auto& [id, client] : clients_) {
        client->conversation.attribute_changed(name, value);
        choose_events(*client);
    }
}

void ControlServer::serve(std::uint64_t id, std::uint32_t events) {
    Client& client = *clients_.at(id);
    bool alive = true;
    do {
        client.conversation.resume();
        alive = read_requests(client) && write_answers(client);
    } while (alive && client.conversation.can_go_on());
    if (!alive || (events & (EPOLLHUP | EPOLLERR)) != 0 || client.conversation.finished()) {
        clients_.erase(id);
        on_clients_();
        return;
    }
    choose_events(client);
}

bool ControlServer::read_requests(Client& client) {
    for (int turn = 0; turn < kReadsPerTurn && client.conversation.wants_input(); ++turn) {
        std::array<char, kReadBytes> buffer{};
        const ssize_t count = ::recv(client.socket.get(), buffer.data(), buffer.size(), 0);
        if (count < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        if (count == 0) {
            client.conversation.end_input();
            return true;
        }
        client.conversation.receive(
            std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    }
    return true;
}

bool ControlServer::write_answers(Client& client) {
    while (!client.conversation.output().empty()) {
        const std::string_view output = client.conversation.output();
        const ssize_t count =
            ::send(client.socket.get(), output.data(), output.size(), MSG_NOSIGNAL);
        if (count < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        client.conversation.sent(static_cast<std::size_t>(count));
    }
    return true;
}

void ControlServer::choose_events(Client& client) {
    // A conversation that waits for a set has nothing to read or write; that its client went away
    // is reported all the same.
    client.watch.set_events((client.conversation.wants_input() ? EPOLLIN : 0U) |
                            (client.conversation.output().empty() ? 0U : EPOLLOUT));
}

}  // namespace minikvm
