// SPDX-License-Identifier: MIT
// ControlClient: a connection to one stick's control socket.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"
#include "protocol/control_grammar.h"

namespace minikvm {

/// What the daemon said to one request that worked.
struct ControlReply {
    std::vector<ControlAnswer> items;  // the lines before the ok
    std::string value;                 // what stands behind the ok
};

/// Shape:   connect(), then ask() any number of times; after a watch, take_change() whenever fd()
///          can be read.
/// Errors:  connect: ENOENT or ECONNREFUSED when no daemon is there, EACCES when we may not.
///          ask: a ControlError whose context is the daemon's whole sentence; ETIMEDOUT after
///          kLongestAnswer; ECONNRESET when the daemon has gone; ProtocolError::BadReply.
/// Thread:  the thread that made it.
class ControlClient final {
public:
    /// The daemon answers a set within a second, also when a chip does not, and a screenshot within
    /// four and a half.
    static constexpr int kLongestAnswerSeconds = 5;

    static Result<ControlClient> connect(const std::string& path);

    Result<ControlReply> ask(const ControlRequest& request);
    Result<std::string> get(const std::string& name);
    /// What it then is.
    Result<std::string> set(const std::string& name, const std::string& value);

    /// The oldest descriptor that came with an answer and was not taken yet, if any.
    UniqueFd take_descriptor();

    int fd() const { return socket_.get(); }

    /// Reads once what has arrived; to be called when fd() can be read.
    Result<void> receive();
    /// The next whole line of a watch, if there is one.
    Result<std::optional<ControlAnswer>> take_change();

private:
    explicit ControlClient(UniqueFd socket) : socket_(std::move(socket)) {}
    Result<void> send(std::string_view line);

    UniqueFd socket_;
    std::string received_;
    std::vector<UniqueFd> descriptors_;  // the first to come first
};

/// Whether connect() failed because no daemon is there.
bool is_no_daemon(const Error& error);

}  // namespace minikvm
