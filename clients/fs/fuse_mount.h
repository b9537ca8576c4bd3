// SPDX-License-Identifier: MIT
// FuseMount: a folder of this computer that shows StickFiles.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "clients/fs/stick_files.h"
#include "common/event_loop.h"
#include "common/result.h"

struct fuse;
struct fuse_pollhandle;

namespace minikvm {

/// Shape:   create() mounts; start() serves what the kernel asks from then on, one request after
///          the other; destruction unmounts. `on_end` is called when somebody unmounted it.
/// Errors:  create: what mounting gives; libfuse has said on standard error what it knows more.
/// Limits:  a request that waits for the daemon holds up the next ones of this mount.
/// Thread:  the thread that made it.
class FuseMount final {
public:
    /// `files` must outlive the mount.
    static Result<std::unique_ptr<FuseMount>> create(StickFiles& files, const std::string& folder,
                                                     const std::string& name);
    FuseMount(const FuseMount&) = delete;
    FuseMount& operator=(const FuseMount&) = delete;
    ~FuseMount();

    /// `loop` must outlive the mount.
    Result<void> start(EventLoop& loop, std::function<void()> on_end);

    StickFiles& files() { return files_; }

    /// Keeps the handle by which the kernel hears of the opening's next change; the last one
    /// counts.
    void wait_for_change(std::uint64_t opening, fuse_pollhandle* handle);
    void forget(std::uint64_t opening) { waiting_.erase(opening); }

private:
    struct FuseDeleter {
        void operator()(fuse* mounted) const;
    };
    struct PollDeleter {
        void operator()(fuse_pollhandle* handle) const;
    };

    explicit FuseMount(StickFiles& files) : files_(files) {}
    void serve();
    void tell_change(std::uint64_t opening);

    StickFiles& files_;
    std::unique_ptr<fuse, FuseDeleter> fuse_;
    std::map<std::uint64_t, std::unique_ptr<fuse_pollhandle, PollDeleter>> waiting_;
    std::function<void()> on_end_;
    Watch watch_;
};

}  // namespace minikvm
