// SPDX-License-Identifier: MIT
// UnixListener: takes in those who connect to a unix socket.

#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "common/unix_socket.h"

namespace minikvm {

/// Shape:   makes the socket when made, removes it when destroyed. `on_client` is given each
///          connection (non-blocking); when that fails, or accepting does, as without descriptors,
///          nobody is let in for kPause, since the one who waits would wake the loop at once.
/// Errors:  create() gives what listen_unix() gives. Later ones are logged.
/// Thread:  the thread that made it.
class UnixListener final {
public:
    static constexpr std::chrono::seconds kPause{1};

    struct Options {
        std::string path;
        SocketType type = SocketType::Stream;
        std::string what;  // for the log: "control"
    };

    /// The socket is for its owner and group. `loop` must outlive the listener.
    static Result<std::unique_ptr<UnixListener>> create(
        EventLoop& loop, Options options, std::function<Result<void>(UniqueFd)> on_client);
    UnixListener(const UnixListener&) = delete;
    UnixListener& operator=(const UnixListener&) = delete;
    ~UnixListener();

private:
    UnixListener(Options options, std::function<Result<void>(UniqueFd)> on_client)
        : options_(std::move(options)), on_client_(std::move(on_client)) {}

    void accept_client();

    const Options options_;
    const std::function<Result<void>(UniqueFd)> on_client_;
    UniqueFd socket_;
    Watch watch_;  // after the descriptor that it watches
    Timer again_;
};

}  // namespace minikvm
