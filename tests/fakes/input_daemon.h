// SPDX-License-Identifier: MIT
// InputDaemon: a real input socket on its own thread, before a target that only writes down.

#pragma once

#include <sys/stat.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/event_loop.h"
#include "device/hid_sink.h"
#include "uinput-bridge/input_server.h"

namespace minikvm {

/// A target that acknowledges every report at the loop's next turn.
class PromptHidSink final : public HidSink {
public:
    explicit PromptHidSink(EventLoop& loop) : loop_(loop) {}

    bool ready() const override { return !busy_ && !stuck; }
    void send(const HidReport& report) override {
        busy_ = true;
        reports.push_back(report);
        loop_.post([this] {
            busy_ = false;
            if (listener_ != nullptr) {
                listener_->on_delivered(Delivery::Acknowledged);
            }
        });
    }
    void set_listener(HidSinkListener* listener) override { listener_ = listener; }

    std::vector<HidReport> reports;
    bool stuck = false;

private:
    EventLoop& loop_;
    HidSinkListener* listener_ = nullptr;
    bool busy_ = false;
};

/// Shape:   answers from construction to destruction, as the stick `id` under `runtime_directory`.
/// Thread:  its own; the functions wait until it has done what they say.
class InputDaemon {
    // First, since its result type has to be known below.
    template <typename Function>
    auto run(Function&& function) {
        std::packaged_task<decltype(function())()> task(std::forward<Function>(function));
        auto result = task.get_future();
        loop_->post([&task] { task(); });
        return result.get();
    }

public:
    InputDaemon(const std::string& runtime_directory, const std::string& id)
        : directory_(runtime_directory + "/" + id) {
        ::mkdir(directory_.c_str(), 0755);
        loop_ = std::move(EventLoop::create().value());
        sink_ = std::make_unique<PromptHidSink>(*loop_);
        server_ = std::move(
            InputServer::create(*loop_, leases_, scheduler_, {socket_path(), id}, [] {}).value());
        scheduler_.on_settled([this](const Settlement& done) { server_->settled(done); });
        scheduler_.attach(*sink_);
        server_->set_target(InputTarget::Present, {});
        thread_ = std::thread([this] { static_cast<void>(loop_->run()); });
    }
    InputDaemon(const InputDaemon&) = delete;
    InputDaemon& operator=(const InputDaemon&) = delete;
    ~InputDaemon() {
        loop_->stop();
        thread_.join();
        scheduler_.detach();
    }

    std::string socket_path() const { return directory_ + "/input"; }

    void set_target(InputTarget target, hid::LockLeds leds) {
        run([&] { server_->set_target(target, leds); });
    }
    void get_stuck() {
        run([&] { sink_->stuck = true; });
    }
    std::size_t clients() {
        return run([&] { return server_->clients(); });
    }
    std::vector<hid::KeyboardReport> keyboard_reports() {
        return run([&] {
            std::vector<hid::KeyboardReport> found;
            for (const HidReport& report : sink_->reports) {
                if (const auto* keys = std::get_if<hid::KeyboardReport>(&report)) {
                    found.push_back(*keys);
                }
            }
            return found;
        });
    }

    /// Until `condition`, which is asked on the daemon's thread, holds; false after ten seconds.
    bool wait_until(const std::function<bool(const std::vector<HidReport>&)>& condition) {
        const TimePoint limit = Clock::now() + std::chrono::seconds(10);
        while (!run([&] { return condition(sink_->reports); })) {
            if (Clock::now() > limit) {
                return false;
            }
            std::this_thread::yield();
        }
        return true;
    }

private:
    std::string directory_;
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<PromptHidSink> sink_;
    KeyLeases leases_;
    ReportScheduler scheduler_;
    std::unique_ptr<InputServer> server_;
    std::thread thread_;
};

}  // namespace minikvm
