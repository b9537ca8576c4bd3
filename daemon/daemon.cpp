// SPDX-License-Identifier: MIT
// The process of one stick.

#include "daemon/daemon.h"

#include <signal.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "common/log.h"
#include "daemon/attribute_list.h"
#include "daemon/loaded_settings.h"
#include "daemon/read_only_group.h"
#include "daemon/status_line.h"

namespace minikvm {
namespace {

// The service manager takes a notification in within milliseconds, unless the machine is stuck.
constexpr std::chrono::seconds kNotificationLimit{5};

void notify(const std::string& state) {
    // Without a service manager there is nobody to tell.
    static_cast<void>(sd_notify(0, state.c_str()));
}

void notify_and_wait(const std::string& state) {
    notify(state);
    static_cast<void>(sd_notify_barrier(
        0, static_cast<std::uint64_t>(std::chrono::microseconds(kNotificationLimit).count())));
}

Result<bool> plugged_now(const std::string& id) {
    const std::vector<StickNodes> sticks = MINIKVM_TRY(list_sticks());
    return std::ranges::any_of(sticks, [&](const StickNodes& stick) { return stick.id == id; });
}

}  // namespace

Daemon::Daemon(DaemonOptions options, DescriptorStore store)
    : options_(std::move(options)),
      kept_settings_(options_.directory + "/settings", options_.id),
      store_(std::move(store)),
      tree_(attribute_list()) {
}

Result<std::unique_ptr<Daemon>> Daemon::create(DaemonOptions options) {
    DescriptorStore store = MINIKVM_TRY(DescriptorStore::create());
    std::unique_ptr<Daemon> daemon(new Daemon(std::move(options), std::move(store)));
    MINIKVM_TRY(daemon->start());
    return daemon;
}

Result<void> Daemon::start() {
    use(load_settings(options_.configuration_path));
    loop_ = MINIKVM_TRY(EventLoop::create());
    // Before any thread starts, so that all of them have the signals blocked.
    terminate_watch_ = MINIKVM_TRY(loop_->on_signal(SIGTERM, [this] { terminate(); }));
    interrupt_watch_ = MINIKVM_TRY(loop_->on_signal(SIGINT, [this] { terminate(); }));
    restart_watch_ = MINIKVM_TRY(loop_->on_signal(SIGUSR1, [this] { restart(); }));
    reload_watch_ = MINIKVM_TRY(loop_->on_signal(SIGHUP, [this] { reload(); }));
    departure_timer_ = MINIKVM_TRY(loop_->timer([this](auto) { stick_changed(); }));
    server_ = MINIKVM_TRY(ControlServer::create(
        *loop_, tree_, options_.directory + "/control", [this] { stick_changed(); },
        read_only_group(configuration_.control.read_only_group)));
    tree_.on_change([this](auto name, auto value) { server_->attribute_changed(name, value); });
    tree_.on_carried_out([this](auto name, auto value) { keep(name, std::string(value)); });
    stick_ = MINIKVM_TRY(Stick::create(
        *loop_, tree_, store_, StickOptions{options_.id, options_.directory, configuration_},
        [this] { stick_changed(); }));
    server_->on_screenshot(
        [this](auto wish, const auto& reply) { stick_->take_screenshot(wish, reply); });
    watch_host_sleep();
    return {};
}

void Daemon::watch_host_sleep() {
    Result<std::unique_ptr<HostSleep>> watching =
        HostSleep::create(*loop_, "minikvmd " + options_.id, "keys are lifted at the target",
                          {.on_sleep = [this](auto ready) { stick_->sleep(std::move(ready)); },
                           .on_wake = [this] { stick_->wake(); }});
    if (!watching) {
        log::info("this machine's sleep comes unannounced: {}", watching.error().message());
        return;
    }
    host_sleep_ = std::move(*watching);
}

Result<ExitStatus> Daemon::run() {
    stick_changed();
    // Not before: making the camera may take longer than the watchdog waits, and has its own limit.
    MINIKVM_TRY(loop_->feed_service_watchdog());
    notify("READY=1");
    MINIKVM_TRY(loop_->run());
    return status_;
}

void Daemon::stick_changed() {
    if (!stick_) {
        return;  // still being made
    }
    stick_->set_clients(server_->clients());
    std::string status = "STATUS=" + status_line(tree_);
    if (status != told_status_) {
        notify(status);
        told_status_ = std::move(status);
    }
    if (ending_) {
        return;
    }
    Attachments attachments = stick_->attachments();
    attachments.clients += server_->clients();
    departure_.update(attachments, loop_->now());
    if (departure_.due(loop_->now())) {
        leave();
    } else if (departure_.deadline()) {
        departure_timer_.arm_at(*departure_.deadline());
    } else {
        departure_timer_.disarm();
    }
}

void Daemon::use(Settings settings) {
    settings_ = std::move(settings);
    configuration_ = configuration_of(kept_settings_.over(settings_), options_.id);
    log::set_threshold(options_.log_level.value_or(configuration_.log_level));
}

void Daemon::keep(std::string_view attribute, const std::string& value) {
    if (const Result<void> kept = kept_settings_.note(attribute, value, settings_); !kept) {
        log::warning("kernel: {}: a restart will not know it", kept.error().message());
    }
}

void Daemon::reload() {
    // The service manager wants to know when it was asked, to tell this reload from another.
    const auto now =
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch());
    notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count()));
    Settings fresh = load_settings(options_.configuration_path);
    log_changes(settings_, fresh, options_.id);
    use(std::move(fresh));
    stick_->configure(configuration_);
    notify("READY=1");
}

void Daemon::end(std::function<void()> released) {
    if (std::exchange(ending_, true)) {
        return;
    }
    notify("STOPPING=1");
    log::info("asked to stop: id={}", options_.id);
    stick_->release(std::move(released));
}

void Daemon::terminate() {
    end([this] { stick_->leave([this] { loop_->stop(); }); });
}

void Daemon::restart() {
    stick_->leave_cameras();
    end([this] { loop_->stop(); });
}

void Daemon::leave() {
    ending_ = true;
    log::info("nobody needs this process any more: id={}", options_.id);
    notify_and_wait("STOPPING=1");
    const Result<bool> back = plugged_now(options_.id);
    if (back && *back) {
        log::info("the stick is back, to be started again: id={}", options_.id);
        status_ = ExitStatus::StartAgain;
    }
    loop_->stop();
}

}  // namespace minikvm
