// SPDX-License-Identifier: MIT
// RegisterThread: the capture chip's registers, read and written where nobody else has to wait.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/register_poller.h"
#include "device/register_snapshot.h"
#include "protocol/switch_position.h"

namespace minikvm {

/// Shape:   lives as long as the process. attach() a node when the stick has one, detach() when it
///          has gone: both return at once, and snapshot() is Starting or Absent at once. While
///          attached, on_snapshot tells main of each change that RegisterPoller finds.
/// Errors:  a chip that does not answer is a snapshot (NotAnswering), and is tried again.
///          set_switch: as RegisterPoller::select.
/// Limits:  a wedged chip makes answers late, by up to 5 s a register, and nobody else. The
///          destructor joins the thread, and so may wait for one such transfer.
/// Thread:  its own thread; the public functions and the callbacks are the thread that made it.
class RegisterThread final {
public:
    using SnapshotCallback = std::function<void(const RegisterSnapshot& snapshot)>;
    using SwitchCallback = std::function<void(const Result<SwitchChange>& change)>;

    /// `main` must outlive it. `open` is how a node is opened: Hidraw::open, or a test's fake.
    static Result<std::unique_ptr<RegisterThread>> create(EventLoop& main, OpenReports open,
                                                          SnapshotCallback on_snapshot);

    RegisterThread(const RegisterThread&) = delete;
    RegisterThread& operator=(const RegisterThread&) = delete;
    ~RegisterThread();

    void attach(const std::string& node, CaptureModel model = CaptureModel::Ms2109);
    void detach();

    /// Nobody looks: chip and processor are asked less often, by RegisterPoller::rest() and in
    /// double steps at half the pace.
    void rest(bool rests);

    /// Looks now whether the target's signal is there. `done` comes after on_snapshot has told of
    /// it, exactly once unless this object is destroyed first.
    void look(std::function<void()> done);

    /// Switches the USB-A port's data lines and reads the cell back. The callback comes later,
    /// exactly once unless this object is destroyed first.
    void set_switch(SwitchPosition position, SwitchCallback done);

    /// Other work on the chip's device that may block as its registers do, after what was asked for
    /// before. The callback as above.
    void run(std::function<Result<void>()> work, std::function<void(const Result<void>&)> done);

    /// What is known now.
    const RegisterSnapshot& snapshot() const;

private:
    struct Receiver;
    class Worker;

    explicit RegisterThread(std::shared_ptr<Receiver> receiver);

    // What the thread posts to main finds it through a weak pointer, since it may arrive after the
    // destructor: this one owner, and no second.
    std::shared_ptr<Receiver> receiver_;
    std::unique_ptr<Worker> worker_;
    std::thread thread_;  // last: it uses the worker
};

}  // namespace minikvm
