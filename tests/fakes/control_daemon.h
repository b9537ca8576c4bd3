// SPDX-License-Identifier: MIT
// ControlDaemon: a real control socket with a small tree, on its own thread.

#pragma once

#include <sys/stat.h>

#include <array>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "common/event_loop.h"
#include "common/sealed_file.h"
#include "control/attribute_tree.h"
#include "control/control_server.h"
#include "protocol/errors.h"

namespace minikvm {

inline constexpr std::array<AttributeDeclaration, 10> kSmallTree = {{
    {"extension/host/device", Access::Read, "", "", ""},
    {"input/release_all", Access::Write, "", "1", ""},
    {"name", Access::Read, "", "", ""},
    {"state", Access::Read, "ready, absent", "", ""},
    {"usb/device", Access::Read, "", "", ""},
    {"usb/power", Access::ReadWrite, "on, off", "on off cycle", ""},
    {"usb/slide", Access::Read, "host, target", "", ""},
    {"usb/switch", Access::ReadWrite, "host, target", "host target toggle", ""},
    {"usb/verified", Access::Read, "pending, yes, no, unknown", "", ""},
    {"video/cameras", Access::Read, "", "", ""},
}};

/// Shape:   answers from construction to destruction, as the stick `id` under `runtime_directory`.
///          A set of usb/switch is carried out at once, and so is a screenshot, a file that says
///          "picture 1", "picture 2"..., unless hold_sets() was called.
/// Thread:  its own; the functions wait until it has done what they say.
class ControlDaemon {
public:
    ControlDaemon(const std::string& runtime_directory, const std::string& id)
        : directory_(runtime_directory + "/" + id) {
        ::mkdir(directory_.c_str(), 0755);
        loop_ = std::move(EventLoop::create().value());
        server_ = std::move(ControlServer::create(*loop_, tree_, socket_path(), [] {}).value());
        tree_.on_change([this](auto name, auto value) { server_->attribute_changed(name, value); });
        tree_.on_set("usb/switch", [this](const auto& value, const auto& reply) {
            held_.emplace_back([this, value, reply] {
                tree_.publish("usb/switch", value);
                reply(value);
            });
            if (!hold_sets_) {
                answer_held();
            }
        });
        server_->on_screenshot([this](ScreenshotWish wish, const auto& reply) {
            held_.emplace_back([this, wish, reply] { reply(take_screenshot(wish)); });
            if (!hold_sets_) {
                answer_held();
            }
        });
        tree_.publish("extension/host/device", "");
        tree_.publish("name", "stick-" + id);
        tree_.publish("state", "ready");
        tree_.publish("usb/device", "");
        tree_.publish("usb/switch", "host");
        tree_.publish("usb/verified", "pending");
        tree_.publish("video/cameras", "/dev/video10 /dev/video11");
        thread_ = std::thread([this] { static_cast<void>(loop_->run()); });
    }
    ControlDaemon(const ControlDaemon&) = delete;
    ControlDaemon& operator=(const ControlDaemon&) = delete;
    ~ControlDaemon() {
        loop_->stop();
        thread_.join();
    }

    std::string socket_path() const { return directory_ + "/control"; }

    void publish(const std::string& name, const std::string& value) {
        on_loop([&] { tree_.publish(name, value); });
    }
    /// The stick's model has none of these.
    void leave_out(std::span<const std::string_view> names) {
        on_loop([&] { tree_.set_absent(names); });
    }
    void hold_sets() {
        on_loop([&] { hold_sets_ = true; });
    }
    void let_sets_go() {
        on_loop([&] { answer_held(); });
    }
    std::size_t held_sets() {
        std::size_t count = 0;
        on_loop([&] { count = held_.size(); });
        return count;
    }
    /// The target sends no picture: a client gets an error, or a file that says "card".
    void lose_signal() {
        on_loop([&] { has_signal_ = false; });
    }
    int screenshots() {
        int count = 0;
        on_loop([&] { count = screenshots_; });
        return count;
    }
    std::size_t clients() {
        std::size_t count = 0;
        on_loop([&] { count = server_->clients(); });
        return count;
    }

private:
    Result<ControlPicture> take_screenshot(ScreenshotWish wish) {
        ++screenshots_;
        if (!has_signal_ && wish == ScreenshotWish::Target) {
            return make_error(ControlError::Failed, "screenshot: no screen signal");
        }
        const std::string content =
            has_signal_ ? "picture " + std::to_string(screenshots_) : "card";
        UniqueFd file =
            make_sealed_file(
                "picture", {reinterpret_cast<const std::uint8_t*>(content.data()), content.size()})
                .value();
        return ControlPicture{has_signal_ ? "jpeg 640x480" : "jpeg 640x480 no-signal",
                              std::make_shared<const UniqueFd>(std::move(file))};
    }
    void on_loop(const std::function<void()>& call) {
        std::promise<void> done;
        loop_->post([&] {
            call();
            done.set_value();
        });
        done.get_future().wait();
    }
    void answer_held() {
        for (const auto& set : std::exchange(held_, {})) {
            set();
        }
    }

    std::string directory_;
    AttributeTree tree_{kSmallTree};
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<ControlServer> server_;
    std::vector<std::function<void()>> held_;
    bool hold_sets_ = false;
    bool has_signal_ = true;
    int screenshots_ = 0;
    std::thread thread_;
};

}  // namespace minikvm
