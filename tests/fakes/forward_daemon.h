// SPDX-License-Identifier: MIT
// ForwardDaemon: the forwarder's control socket, before a machine without a keyboard.

#pragma once

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "clients/forward/forward_attributes.h"
#include "common/event_loop.h"
#include "control/attribute_tree.h"
#include "control/control_server.h"

namespace minikvm {

/// Shape:   answers from construction to destruction. A turn begins at once, unless refuse() was
///          called: then it ends at once, with that problem.
/// Thread:  its own; the functions wait until it has done what they say.
class ForwardDaemon {
public:
    explicit ForwardDaemon(const std::string& runtime_directory) {
        loop_ = std::move(EventLoop::create().value());
        server_ = std::move(
            ControlServer::create(*loop_, tree_, runtime_directory + "/forward", [] {}).value());
        tree_.on_change([this](auto name, auto value) { server_->attribute_changed(name, value); });
        tree_.on_set("target", [this](const auto& value, const auto& reply) {
            go_to(value);
            reply(value);
        });
        tree_.on_set("trial_s", [this](const auto& value, const auto& reply) {
            tree_.publish("trial_s", value);
            reply(value);
        });
        tree_.publish("given_back", "never");
        go_to("host");
        thread_ = std::thread([this] { static_cast<void>(loop_->run()); });
    }
    ForwardDaemon(const ForwardDaemon&) = delete;
    ForwardDaemon& operator=(const ForwardDaemon&) = delete;
    ~ForwardDaemon() {
        loop_->stop();
        thread_.join();
    }

    void refuse(const std::string& problem) {
        run([&] { problem_ = problem; });
    }
    std::string get(const std::string& name) {
        std::string value;
        run([&] { value = tree_.get(name).value(); });
        return value;
    }

private:
    template <typename Function>
    void run(Function&& function) {
        std::packaged_task<void()> task(std::forward<Function>(function));
        auto done = task.get_future();
        loop_->post([&task] { task(); });
        done.get();
    }

    void go_to(const std::string& target) {
        const bool away = target != "host" && problem_.empty();
        tree_.publish("problem", problem_);
        tree_.publish("target", away ? target : "host");
        if (!problem_.empty()) {
            tree_.publish("given_back", "stick-gone");
        }
        tree_.publish("state", away ? "grabbed" : "host");
    }

    std::string problem_;
    std::unique_ptr<EventLoop> loop_;
    AttributeTree tree_{forward_attributes()};
    std::unique_ptr<ControlServer> server_;
    std::thread thread_;
};

}  // namespace minikvm
