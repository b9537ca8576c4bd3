// SPDX-License-Identifier: MIT
// ControlServer: the socket on which a running simulator takes commands.

#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm::sim {

/// Shape:   a request is a line of words; the answer is lines, the last of which is `ok` or
///          begins with `error `. A connection may carry many requests.
/// Errors:  create() gives what listening gives.
/// Limits:  a line has 4096 bytes at most; a client that does not take its answers is dropped.
/// Thread:  the thread that made it; so is the executor's.
class ControlServer final {
public:
    /// The answer's text without the last line.
    using Executor = std::function<Result<std::string>(const std::vector<std::string>& words)>;

    static Result<std::unique_ptr<ControlServer>> create(EventLoop& loop, const std::string& path,
                                                         Executor executor);
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;
    ~ControlServer();

private:
    struct Client {
        UniqueFd socket;
        Watch watch;
        std::string received;
    };

    ControlServer(EventLoop& loop, std::string path, Executor executor)
        : loop_(loop), path_(std::move(path)), executor_(std::move(executor)) {}

    void accept_client();
    void on_readable(Client& client);
    bool answer(Client& client, const std::string& line);
    void drop(Client& client);

    EventLoop& loop_;
    std::string path_;
    Executor executor_;
    UniqueFd listener_;
    Watch watch_;
    std::list<Client> clients_;
};

/// The words of a line.
std::vector<std::string> split_words(const std::string& line);

}  // namespace minikvm::sim
