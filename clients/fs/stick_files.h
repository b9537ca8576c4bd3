// SPDX-License-Identifier: MIT
// StickFiles: reading, writing and polling the files of one stick, without FUSE.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "clients/ctl/control_client.h"
#include "clients/fs/attribute_files.h"
#include "common/event_loop.h"
#include "common/result.h"

namespace minikvm {

/// Shape:   open() gives a number for read(), write(), poll() and close(), as open(2) does. A read
///          at offset 0 asks the daemon; what follows comes from that answer. Each write is a set.
///          poll() tells of changes since this opening, or since its last read at offset 0.
///          A daemon that ends is looked for again at the next request; its files stay meanwhile.
/// Errors:  ControlErrors as the daemon gives them; ENODEV while there is no daemon.
/// Limits:  a request waits for the daemon, up to ControlClient::kLongestAnswerSeconds.
/// Thread:  the thread that made it.
class StickFiles final {
public:
    /// Told with the number of each opening whose poll() has become true.
    using ChangeCallback = std::function<void(std::uint64_t opening)>;

    /// `socket` is the control socket's path.
    static Result<std::unique_ptr<StickFiles>> create(std::string socket);
    StickFiles(const StickFiles&) = delete;
    StickFiles& operator=(const StickFiles&) = delete;
    ~StickFiles() = default;

    /// Begins to hear of changes. `loop` must outlive this.
    Result<void> follow(EventLoop& loop, ChangeCallback on_change);

    const AttributeFiles& files() const { return files_; }

    std::uint64_t open(std::string_view path);
    void close(std::uint64_t opening) { openings_.erase(opening); }

    /// At most `size` bytes from `offset` of the value and a newline.
    Result<std::string> read(std::uint64_t opening, std::size_t offset, std::size_t size);

    /// A newline at the end is not part of the value.
    Result<void> write(std::uint64_t opening, std::string_view text);

    /// Whether the value has changed.
    bool poll(std::uint64_t opening) const;

private:
    struct Opening {
        std::string path;
        std::string text;                // as last read at offset 0
        std::uint64_t seen_changes = 0;  // of its file
    };

    StickFiles(std::string socket, AttributeFiles files, ControlClient client)
        : socket_(std::move(socket)), files_(std::move(files)), client_(std::move(client)) {}

    Result<std::string> ask(const ControlRequest& request);
    Result<void> watch_all();
    void hear_changes();
    Result<void> take_changes();
    void lose_watch();
    void tell(std::string_view attribute);

    std::string socket_;
    AttributeFiles files_;
    std::optional<ControlClient> client_;
    std::map<std::uint64_t, Opening> openings_;
    std::uint64_t next_opening_ = 0;
    EventLoop* loop_ = nullptr;  // set by follow()
    ChangeCallback on_change_;
    std::optional<ControlClient> watcher_;
    Watch watch_;  // on the watcher's descriptor
    Timer watch_again_;
};

}  // namespace minikvm
