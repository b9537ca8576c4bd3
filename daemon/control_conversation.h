// SPDX-License-Identifier: MIT
// ControlConversation: one client's requests and answers, without a socket.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "daemon/attribute_tree.h"
#include "protocol/control_grammar.h"

namespace minikvm {

/// Shape:   receive() bytes while wants_input(); send output() and tell sent(), then resume().
///          Requests are answered in order: while a set has no answer yet, the later ones wait.
///          A watcher hears of changes between the answers, never inside one.
/// Errors:  none are returned; each bad request gets one answer that says what was wrong, and the
///          conversation goes on with the next line.
/// Limits:  kMaxRequestBytes a line: the rest of a longer one is skipped. Output that the client
///          does not read stops its requests at kFullOutputBytes, and its watches then get only
///          the newest value of each attribute, behind a line that says how many they missed.
/// Thread:  the thread that made it.
class ControlConversation final {
public:
    /// Starts a set; its result goes to answer(), perhaps before this returns.
    using SetRequest = std::function<void(const std::string& name, const std::string& value)>;

    static constexpr std::size_t kFullOutputBytes = 65536;

    /// `tree` must outlive the conversation.
    ControlConversation(const AttributeTree& tree, SetRequest set);

    void receive(std::string_view bytes);
    void end_input();
    void answer(const Result<std::string>& result);
    void attribute_changed(std::string_view name, std::string_view value);

    /// Goes on with requests that waited for an answer or for room.
    void resume();

    std::string_view output() const { return output_; }
    void sent(std::size_t count);

    /// Whether resume() has something to do.
    bool can_go_on() const;

    bool wants_input() const { return !ended_ && !awaiting_ && has_room(); }
    /// Nothing will be said any more unless the client asks.
    bool finished() const { return ended_ && !awaiting_ && watched_.empty() && output_.empty(); }

private:
    bool has_room() const { return output_.size() < kFullOutputBytes; }
    void take_line();
    void handle(std::string_view line);
    void list(std::string_view prefix);
    void watch(const std::vector<std::string>& names);
    void refuse(const Error& error);
    void refuse(ControlError code, std::string_view message);
    void tell_stale();

    const AttributeTree& tree_;
    SetRequest set_;
    std::string input_;
    std::string output_;
    bool skipping_ = false;  // inside the rest of a line that was too long
    bool awaiting_ = false;  // a set has no answer yet
    bool ended_ = false;     // the client will send no more
    std::set<std::string, std::less<>> watched_;
    std::set<std::string, std::less<>> stale_;  // watched, changed, and not told for want of room
    std::uint64_t missed_ = 0;                  // values that will never be told
};

}  // namespace minikvm
