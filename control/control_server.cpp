// SPDX-License-Identifier: MIT
// The control socket.

#include "control/control_server.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/descriptor_passing.h"
#include "common/log.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

constexpr std::size_t kReadBytes = kMaxRequestBytes;  // a turn; others wait meanwhile
constexpr int kReadsPerTurn = 4;

void turn_away(const UniqueFd& socket, ControlError why, std::string_view sentence) {
    const std::string refusal = format_error(why, sentence);
    // A fresh connection has room for it; where not, closing says enough.
    static_cast<void>(
        ::send(socket.get(), refusal.data(), refusal.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
}

}  // namespace

ControlServer::ControlServer(EventLoop& loop, AttributeTree& tree, std::function<void()> on_clients,
                             ControlAccess access)
    : loop_(loop), tree_(tree), on_clients_(std::move(on_clients)), access_(access) {
}

Result<std::unique_ptr<ControlServer>> ControlServer::create(EventLoop& loop, AttributeTree& tree,
                                                             const std::string& path,
                                                             std::function<void()> on_clients,
                                                             std::optional<gid_t> read_only_group) {
    ControlAccess access = ControlAccess::of_this_process();
    access.read_only_group = read_only_group;
    std::unique_ptr<ControlServer> server(
        new ControlServer(loop, tree, std::move(on_clients), access));
    ControlServer& self = *server;
    self.turn_ = MINIKVM_TRY(loop.timer([&self](auto) { self.begin_turn(); }));
    self.listener_ = MINIKVM_TRY(UnixListener::create(
        loop, {path, SocketType::Stream, "control"},
        [&self](UniqueFd socket) { return self.add_client(std::move(socket)); }));
    if (read_only_group) {
        const Result<void> let_in = let_group_connect(path, *read_only_group);
        if (!let_in) {
            // Not worth the service to the others.
            log::warning("kernel: {}", let_in.error().message());
        }
    }
    return server;
}

Result<void> ControlServer::add_client(UniqueFd socket) {
    if (clients_.size() >= kMostClients) {
        turn_away(
            socket, ControlError::Busy,
            fmt::format("{} clients are connected, which is the most there may be", kMostClients));
        return {};
    }
    const ClientClass may = MINIKVM_TRY(class_of_peer(socket.get(), access_));
    if (may == ClientClass::Nobody) {
        // The socket's permissions keep them out, unless somebody has changed those.
        turn_away(socket, ControlError::NotAllowed, "members of group minikvm may, you may not");
        return {};
    }
    const std::uint64_t id = ++next_id_;
    const int fd = socket.get();
    auto client = std::make_unique<Client>(
        Client{id, may, std::move(socket),
               ControlConversation(
                   tree_,
                   [this, id](const std::string& name, const std::string& value) {
                       request_set(id, name, value);
                   },
                   [this, id](ScreenshotWish wish) { request_screenshot(id, wish); }),
               Watch()});
    client->watch = MINIKVM_TRY(
        loop_.watch(fd, EPOLLIN, [this, id](std::uint32_t events) { serve(id, events); }));
    clients_.emplace(id, std::move(client));
    on_clients_();
    return {};
}

void ControlServer::request_set(std::uint64_t id, const std::string& name,
                                const std::string& value) {
    if (Client& client = *clients_.at(id); client.may != ClientClass::Full) {
        client.conversation.answer(make_error(
            ControlError::NotAllowed,
            fmt::format("{}: you may read and watch; only members of group minikvm may set",
                        name)));
        return;
    }
    tree_.set(name, value, [this, id](const Result<std::string>& result) {
        const auto found = clients_.find(id);
        if (found == clients_.end()) {
            return;  // went away meanwhile
        }
        found->second->conversation.answer(result);
        choose_events(*found->second);
    });
}

Result<void> ControlServer::check_screenshot(Client& client) const {
    if (client.may != ClientClass::Full) {
        return make_error(ControlError::NotAllowed,
                          "screenshot: you may read and watch the control tree; only members of "
                          "group minikvm may see the target's screen");
    }
    if (!take_screenshot_) {
        return make_error(ControlError::NoDevice,
                          "screenshot: there is no screen here; ask a stick's control socket");
    }
    if (MINIKVM_TRY(unread_bytes(client.socket.get())) == 0) {
        client.pictures_sent = 0;
    }
    if (client.pictures_sent >= kMostUnreadPictures) {
        return make_error(ControlError::Busy,
                          fmt::format("screenshot: read the {} pictures before this one first",
                                      client.pictures_sent));
    }
    return {};
}

void ControlServer::request_screenshot(std::uint64_t id, ScreenshotWish wish) {
    Client& client = *clients_.at(id);
    if (Result<void> allowed = check_screenshot(client); !allowed) {
        client.conversation.answer_picture(tl::unexpected<Error>(std::move(allowed.error())));
        return;
    }
    take_screenshot_(wish, [this, id](Result<ControlPicture> picture) {
        const auto found = clients_.find(id);
        if (found == clients_.end()) {
            return;  // went away meanwhile
        }
        found->second->conversation.answer_picture(std::move(picture));
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
    if (client.conversation.needs_turn()) {
        want_turn();
    }
}

void ControlServer::want_turn() {
    if (!std::exchange(turn_wanted_, true)) {
        turn_.arm_after(kTurn);
    }
}

void ControlServer::begin_turn() {
    turn_wanted_ = false;
    std::vector<std::uint64_t> waiting;
    for (const auto& [id, client] : clients_) {
        if (client->conversation.needs_turn()) {
            client->conversation.begin_turn();
            waiting.push_back(id);
        }
    }
    for (const std::uint64_t id : waiting) {
        serve(id, 0);
    }
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

Result<std::size_t> ControlServer::write_some(Client& client) {
    const std::string_view output = client.conversation.output();
    const int picture = client.conversation.descriptor();
    if (picture >= 0) {
        const std::size_t taken =
            MINIKVM_TRY(send_with_descriptor(client.socket.get(), output, picture));
        ++client.pictures_sent;
        return taken;
    }
    const ssize_t count = ::send(client.socket.get(), output.data(), output.size(), MSG_NOSIGNAL);
    if (count < 0) {
        return errno_error("answer a client");
    }
    return static_cast<std::size_t>(count);
}

bool ControlServer::write_answers(Client& client) {
    while (!client.conversation.output().empty()) {
        const Result<std::size_t> count = write_some(client);
        if (!count) {
            return count.error().code == std::errc::resource_unavailable_try_again ||
                   count.error().code == std::errc::interrupted;
        }
        client.conversation.sent(*count);
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
