// SPDX-License-Identifier: MIT
// HostSleep as a client of logind.

#include "common/host_sleep.h"

#include <fcntl.h>

#include <utility>

#include "common/log.h"

namespace minikvm {
namespace {

constexpr const char* kService = "org.freedesktop.login1";
constexpr const char* kPath = "/org/freedesktop/login1";
constexpr const char* kInterface = "org.freedesktop.login1.Manager";

}  // namespace

HostSleep::HostSleep(std::string who, std::string why, Callbacks callbacks)
    : who_(std::move(who)),
      why_(std::move(why)),
      callbacks_(std::move(callbacks)),
      delay_(std::make_shared<Delay>()) {
}

Result<std::unique_ptr<HostSleep>> HostSleep::create(EventLoop& loop, std::string who,
                                                     std::string why, Callbacks callbacks) {
    std::unique_ptr<HostSleep> self(
        new HostSleep(std::move(who), std::move(why), std::move(callbacks)));
    sd_bus* bus = nullptr;
    if (const int opened = sd_bus_open_system(&bus); opened < 0) {
        return errno_error(opened, "open the system bus");
    }
    self->bus_.reset(bus);
    if (const int attached = sd_bus_attach_event(bus, loop.native(), SD_EVENT_PRIORITY_NORMAL);
        attached < 0) {
        return errno_error(attached, "watch the system bus");
    }
    sd_bus_slot* slot = nullptr;
    const int matched = sd_bus_match_signal_async(
        bus, &slot, kService, kPath, kInterface, "PrepareForSleep", on_signal, nullptr, self.get());
    if (matched < 0) {
        return errno_error(matched, "listen to logind");
    }
    self->signal_.reset(slot);
    self->ask_for_delay();
    return self;
}

int HostSleep::on_signal(sd_bus_message* message, void* userdata, sd_bus_error* /*error*/) {
    auto& self = *static_cast<HostSleep*>(userdata);
    int begins = 0;
    if (sd_bus_message_read(message, "b", &begins) < 0) {
        return 0;  // not a signal that logind sends
    }
    if (begins != 0) {
        self.prepare();
    } else {
        self.ask_for_delay();
        self.callbacks_.on_wake();
    }
    return 0;
}

void HostSleep::prepare() {
    delay_->sleep = ++sleeps_;
    callbacks_.on_sleep([held = std::weak_ptr(delay_), sleep = sleeps_] {
        if (const auto delay = held.lock(); delay && delay->sleep == sleep) {
            delay->inhibitor = UniqueFd();
        }
    });
}

void HostSleep::ask_for_delay() {
    delay_->sleep = 0;
    if (delay_->inhibitor) {
        return;  // nobody was ready in time: it still holds
    }
    sd_bus_slot* slot = nullptr;
    const int asked = sd_bus_call_method_async(bus_.get(), &slot, kService, kPath, kInterface,
                                               "Inhibit", on_delay, this, "ssss", "sleep",
                                               who_.c_str(), why_.c_str(), "delay");
    request_.reset(asked < 0 ? nullptr : slot);
}

int HostSleep::on_delay(sd_bus_message* message, void* userdata, sd_bus_error* /*error*/) {
    static_cast<HostSleep*>(userdata)->take_delay(message);
    return 0;
}

void HostSleep::take_delay(sd_bus_message* answer) {
    if (const sd_bus_error* refused = sd_bus_message_get_error(answer)) {
        if (!std::exchange(refusal_told_, true)) {
            log::info("this machine's sleep will not wait for us: {}",
                      refused->message != nullptr ? refused->message : refused->name);
        }
        return;
    }
    int borrowed = -1;
    if (sd_bus_message_read(answer, "h", &borrowed) >= 0) {
        delay_->inhibitor = UniqueFd(::fcntl(borrowed, F_DUPFD_CLOEXEC, 3));
    }
}

}  // namespace minikvm
