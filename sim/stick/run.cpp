// SPDX-License-Identifier: MIT
// One stick until a signal ends it.

#include "sim/stick/run.h"

#include <signal.h>
#include <systemd/sd-daemon.h>

#include <chrono>

#include <fmt/format.h>

#include "common/event_loop.h"
#include "common/log.h"
#include "common/unix_socket.h"
#include "sim/stick/control_server.h"
#include "sim/stick/stick_commands.h"
#include "sim/stick/virtual_stick.h"

namespace minikvm::sim {
namespace {

// Until the kernel has taken the last answers of a pulled stick.
constexpr std::chrono::milliseconds kLeavingTime{50};

Result<void> refuse_second(const std::string& control_socket) {
    if (connect_unix(control_socket, SocketType::Stream)) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          fmt::format("{}: a simulator runs there", control_socket));
    }
    return {};
}

}  // namespace

Result<void> run_stick(const StickOptions& options, const std::string& control_socket) {
    MINIKVM_TRY(refuse_second(control_socket));
    const auto loop = MINIKVM_TRY(EventLoop::create());
    Timer leaving = MINIKVM_TRY(loop->timer([&loop](TimePoint /*now*/) { loop->stop(); }));
    VirtualStick* running = nullptr;
    const auto leave = [&] {
        running->set_cable(Plugged::No);
        leaving.arm_after(kLeavingTime);
    };
    // Before the picture thread starts, so that it inherits the blocked signals.
    const Watch on_terminate = MINIKVM_TRY(loop->on_signal(SIGTERM, leave));
    const Watch on_interrupt = MINIKVM_TRY(loop->on_signal(SIGINT, leave));

    const auto stick = MINIKVM_TRY(VirtualStick::create(*loop, options));
    running = stick.get();
    const auto server = MINIKVM_TRY(ControlServer::create(
        *loop, control_socket, [&stick](const std::vector<std::string>& words) {
            return run_stick_command(*stick, words);
        }));
    const auto tell_ready = [number = options.number] {
        log::info("the stick is ready stick={}", number);
        sd_notify(0, "READY=1");
    };
    if (options.plugged) {
        stick->on_ready(tell_ready);
        stick->set_cable(Plugged::Yes);
    } else {
        tell_ready();
    }
    return loop->run();
}

}  // namespace minikvm::sim
