// SPDX-License-Identifier: MIT
// ControlServer: the control socket and the clients that are connected to it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "daemon/attribute_tree.h"
#include "daemon/control_conversation.h"

namespace minikvm {

/// Shape:   listens from create() on. A client that closes gets no more answers; a set that it had
///          begun still happens.
/// Errors:  create: what bind(2) gives. Later ones concern one client, who is then disconnected.
/// Limits:  kMostClients at a time; one more is told so and disconnected. Memory a client: one
///          request and ControlConversation::kFullOutputBytes, whatever it sends or does not read.
/// Thread:  the thread that made it. Replies of the tree's setters may not outlive the server.
/// Source:  protocol/control_grammar.h has the lines.
class ControlServer final {
public:
    static constexpr std::size_t kMostClients = 64;

    /// Makes the socket at `path`, for its owner and group; destruction removes it. `loop` and
    /// `tree` must outlive the server. `on_clients` is called when the number of clients has
    /// changed.
    static Result<std::unique_ptr<ControlServer>> create(EventLoop& loop, AttributeTree& tree,
                                                         const std::string& path,
                                                         std::function<void()> on_clients);
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;
    ~ControlServer();

    std::size_t clients() const { return clients_.size(); }

    /// Tells the watchers; to be connected to AttributeTree::on_change.
    void attribute_changed(std::string_view name, std::string_view value);

private:
    struct Client {
        std::uint64_t id;
        UniqueFd socket;
        ControlConversation conversation;
        Watch watch;  // after the descriptor that it watches
    };

    ControlServer(EventLoop& loop, AttributeTree& tree, std::string path,
                  std::function<void()> on_clients);

    void accept_clients();
    Result<void> add_client(UniqueFd socket);
    void serve(std::uint64_t id, std::uint32_t events);
    void request_set(std::uint64_t id, const std::string& name, const std::string& value);
    static bool read_requests(Client& client);
    static bool write_answers(Client& client);
    static void choose_events(Client& client);

    EventLoop& loop_;
    AttributeTree& tree_;
    std::string path_;
    std::function<void()> on_clients_;
    std::uint64_t next_id_ = 0;
    UniqueFd listener_;
    Watch listener_watch_;
    Timer accept_again_;
    std::map<std::uint64_t, std::unique_ptr<Client>> clients_;
};

}  // namespace minikvm
