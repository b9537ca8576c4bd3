// SPDX-License-Identifier: MIT
// Lines over a Unix socket.

#include "sim/stick/control_server.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <sstream>

#include <fmt/format.h>

#include "common/log.h"
#include "common/unix_socket.h"

namespace minikvm::sim {
namespace {

constexpr std::size_t kMaxLineBytes = 4096;
constexpr mode_t kSocketMode = 0600;

}  // namespace

std::vector<std::string> split_words(const std::string& line) {
    std::istringstream stream(line);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

Result<std::unique_ptr<ControlServer>> ControlServer::create(EventLoop& loop,
                                                             const std::string& path,
                                                             Executor executor) {
    std::unique_ptr<ControlServer> server(new ControlServer(loop, path, std::move(executor)));
    server->listener_ = MINIKVM_TRY(listen_unix(path, SocketType::Stream, kSocketMode));
    server->watch_ = MINIKVM_TRY(
        loop.watch(server->listener_.get(), EPOLLIN,
                   [raw = server.get()](std::uint32_t /*events*/) { raw->accept_client(); }));
    return server;
}

ControlServer::~ControlServer() {
    ::unlink(path_.c_str());
}

void ControlServer::accept_client() {
    auto socket = accept_unix(listener_.get());
    if (!socket) {
        return;
    }
    Client& client = clients_.emplace_back();
    client.socket = std::move(*socket);
    auto watch = loop_.watch(client.socket.get(), EPOLLIN,
                             [this, &client](std::uint32_t /*events*/) { on_readable(client); });
    if (!watch) {
        log::error("kernel: a client is turned away: {}", watch.error().message());
        clients_.pop_back();
        return;
    }
    client.watch = std::move(*watch);
}

void ControlServer::on_readable(Client& client) {
    std::array<char, kMaxLineBytes> bytes{};
    const ssize_t count = ::recv(client.socket.get(), bytes.data(), bytes.size(), 0);
    if (count <= 0) {
        if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
            drop(client);
        }
        return;
    }
    client.received.append(bytes.data(), static_cast<std::size_t>(count));
    for (std::size_t end = client.received.find('\n'); end != std::string::npos;
         end = client.received.find('\n')) {
        const std::string line = client.received.substr(0, end);
        client.received.erase(0, end + 1);
        if (!answer(client, line)) {
            drop(client);
            return;
        }
    }
    if (client.received.size() > kMaxLineBytes) {
        drop(client);
    }
}

bool ControlServer::answer(Client& client, const std::string& line) {
    const Result<std::string> result = executor_(split_words(line));
    const std::string text =
        result ? *result + "ok\n" : fmt::format("error {}\n", result.error().context);
    const ssize_t sent = ::send(client.socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
    return sent == static_cast<ssize_t>(text.size());
}

void ControlServer::drop(Client& client) {
    clients_.remove_if([&client](const Client& other) { return &other == &client; });
}

}  // namespace minikvm::sim
