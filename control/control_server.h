// SPDX-License-Identifier: MIT
// ControlServer: the control socket and the clients that are connected to it.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "common/unix_listener.h"
#include "control/attribute_tree.h"
#include "control/control_access.h"
#include "control/control_conversation.h"
#include "control/control_picture.h"

namespace minikvm {

/// Shape:   listens from create() on. A client that closes gets no more answers; a set that it had
///          begun still happens.
/// Errors:  create: what bind(2) gives. Later ones concern one client, who is then disconnected.
/// Limits:  kMostClients at a time; one more is told so and disconnected. Memory a client: one
///          request and ControlConversation::kFullOutputBytes, whatever it sends or does not read.
///          ControlConversation::kRequestsPerTurn requests of each client in kTurn, so that one who
///          asks without end takes no more of the loop than others need. kMostUnreadPictures of a
///          client: each is as large as a picture until it is read.
/// Thread:  the thread that made it. Replies of the tree's setters may not outlive the server.
/// Source:  protocol/control_grammar.h has the lines.
class ControlServer final {
public:
    static constexpr std::size_t kMostClients = 64;
    static constexpr std::chrono::milliseconds kTurn{20};
    static constexpr int kMostUnreadPictures = 4;

    /// Makes the socket at `path`, for its owner and group, and for members of `read_only_group`,
    /// who may set nothing; destruction removes it. `loop` and `tree` must outlive the server.
    /// `on_clients` is called when the number of clients has changed.
    static Result<std::unique_ptr<ControlServer>> create(EventLoop& loop, AttributeTree& tree,
                                                         const std::string& path,
                                                         std::function<void()> on_clients,
                                                         std::optional<gid_t> read_only_group = {});
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;
    ~ControlServer() = default;

    std::size_t clients() const { return clients_.size(); }

    /// Who carries out a screenshot; without, it is refused. Its replies may not outlive the
    /// server.
    void on_screenshot(TakeScreenshot take) { take_screenshot_ = std::move(take); }

    /// Tells the watchers; to be connected to AttributeTree::on_change.
    void attribute_changed(std::string_view name, std::string_view value);

private:
    struct Client {
        std::uint64_t id;
        ClientClass may;
        UniqueFd socket;
        ControlConversation conversation;
        Watch watch;            // after the descriptor that it watches
        int pictures_sent = 0;  // since it was last seen to have read all
    };

    ControlServer(EventLoop& loop, AttributeTree& tree, std::function<void()> on_clients,
                  ControlAccess access);

    Result<void> add_client(UniqueFd socket);
    void serve(std::uint64_t id, std::uint32_t events);
    void want_turn();
    void begin_turn();
    void request_set(std::uint64_t id, const std::string& name, const std::string& value);
    void request_screenshot(std::uint64_t id, ScreenshotWish wish);
    Result<void> check_screenshot(Client& client) const;
    static bool read_requests(Client& client);
    static bool write_answers(Client& client);
    static Result<std::size_t> write_some(Client& client);
    static void choose_events(Client& client);

    EventLoop& loop_;
    AttributeTree& tree_;
    std::function<void()> on_clients_;
    TakeScreenshot take_screenshot_;
    ControlAccess access_;
    std::uint64_t next_id_ = 0;
    std::map<std::uint64_t, std::unique_ptr<Client>> clients_;
    Timer turn_;
    bool turn_wanted_ = false;
    std::unique_ptr<UnixListener> listener_;
};

}  // namespace minikvm
