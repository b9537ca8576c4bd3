// SPDX-License-Identifier: MIT
// ControlConversation: one client's requests and answers, without a socket.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "control/attribute_tree.h"
#include "control/control_picture.h"
#include "protocol/control_grammar.h"

namespace minikvm {

/// Shape:   receive() bytes while wants_input(); send output() and tell sent(), then resume().
///          begin_turn() from time to time, as often as the client may have its share of requests.
///          Requests are answered in order: while a set or a screenshot has no answer yet, the
///          later ones wait. While descriptor() is one, it goes with the first byte of output(). A
///          watcher hears of changes between the answers, never inside one.
/// Errors:  none are returned; each bad request gets one answer that says what was wrong, and the
///          conversation goes on with the next line.
/// Limits:  kMaxRequestBytes a line: the rest of a longer one is skipped. kRequestsPerTurn: further
///          ones wait for the next turn. Output that the client
///          does not read stops its requests at kFullOutputBytes, and its watches then get only
///          the newest value of each attribute, behind a line that says how many they missed. One
///          picture at a time: requests wait until it is sent.
/// Thread:  the thread that made it.
class ControlConversation final {
public:
    /// Starts a set; its result goes to answer(), perhaps before this returns.
    using SetRequest = std::function<void(const std::string& name, const std::string& value)>;

    /// Starts a screenshot; its result goes to answer_picture(), likewise.
    using ScreenshotRequest = std::function<void(ScreenshotWish wish)>;

    static constexpr std::size_t kFullOutputBytes = 65536;
    static constexpr int kRequestsPerTurn = 32;

    /// `tree` must outlive the conversation.
    ControlConversation(const AttributeTree& tree, SetRequest set, ScreenshotRequest screenshot);

    void receive(std::string_view bytes);
    void end_input();
    void answer(const Result<std::string>& result);
    void answer_picture(Result<ControlPicture> result);
    void attribute_changed(std::string_view name, std::string_view value);

    /// Goes on with requests that waited for an answer, for room or for their turn.
    void resume();

    void begin_turn() { requests_left_ = kRequestsPerTurn; }
    /// Whether begin_turn() would change something.
    bool needs_turn() const { return requests_left_ < kRequestsPerTurn; }

    std::string_view output() const;
    /// To be sent with the first byte of output(); -1 for none. sent() gives it away.
    int descriptor() const;
    void sent(std::size_t count);

    /// Whether resume() has something to do.
    bool can_go_on() const;

    bool wants_input() const { return !ended_ && may_handle(); }
    /// Nothing will be said any more unless the client asks.
    bool finished() const {
        return ended_ && !awaiting_ && input_.empty() && watched_.empty() && output_.empty();
    }

private:
    bool has_room() const { return output_.size() < kFullOutputBytes; }
    bool may_handle() const { return !awaiting_ && !picture_ && has_room() && requests_left_ > 0; }
    void take_line();
    void handle(std::string_view line);
    void list(std::string_view prefix);
    void watch(const std::vector<std::string>& names);
    void refuse(const Error& error);
    void refuse(ControlError code, std::string_view message);
    void tell_stale();

    const AttributeTree& tree_;
    SetRequest set_;
    ScreenshotRequest screenshot_;
    std::string input_;
    std::string output_;
    int requests_left_ = kRequestsPerTurn;  // in this turn
    bool skipping_ = false;                 // inside the rest of a line that was too long
    bool awaiting_ = false;                 // a set or a screenshot has no answer yet
    bool ended_ = false;                    // the client will send no more
    std::set<std::string, std::less<>> watched_;
    std::set<std::string, std::less<>> stale_;  // watched, changed, and not told for want of room
    std::uint64_t missed_ = 0;                  // values that will never be told
    std::shared_ptr<const UniqueFd> picture_;   // not yet sent
    std::size_t picture_at_ = 0;                // where in output_ the line is that it goes with
};

}  // namespace minikvm
