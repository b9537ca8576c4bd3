// SPDX-License-Identifier: MIT
// HostSleep: word of this machine's sleep, in time to prepare for it.

#pragma once

#include <systemd/sd-bus.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm {

/// Shape:   on_sleep when the machine is about to sleep; it waits until `ready` was called, for as
///          long as logind lets it (InhibitDelayMaxSec=, 5 s). on_wake when it is awake again, also
///          when it did not sleep after all. `ready` may be called late, or never.
/// Errors:  create(): ENOENT and the like where there is no system bus. A logind that refuses the
///          delay, as it does to services on a machine without polkit, still tells of the sleep:
///          what on_sleep does is then in a race with it. That is logged once.
/// Limits:  a system bus that ends is not looked for again.
/// Thread:  the thread that made it.
/// Source:  org.freedesktop.login1(5), PrepareForSleep and Inhibit().
class HostSleep final {
public:
    struct Callbacks {
        std::function<void(std::function<void()> ready)> on_sleep;
        std::function<void()> on_wake;
    };

    /// `who` and `why` are shown by systemd-inhibit(1). `loop` must outlive the object.
    static Result<std::unique_ptr<HostSleep>> create(EventLoop& loop, std::string who,
                                                     std::string why, Callbacks callbacks);
    HostSleep(const HostSleep&) = delete;
    HostSleep& operator=(const HostSleep&) = delete;
    ~HostSleep() = default;

private:
    struct BusDeleter {
        void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }
    };
    struct SlotDeleter {
        void operator()(sd_bus_slot* slot) const { sd_bus_slot_unref(slot); }
    };
    using Slot = std::unique_ptr<sd_bus_slot, SlotDeleter>;

    HostSleep(std::string who, std::string why, Callbacks callbacks);

    static int on_signal(sd_bus_message* message, void* userdata, sd_bus_error* error);
    static int on_delay(sd_bus_message* message, void* userdata, sd_bus_error* error);
    void prepare();
    void ask_for_delay();
    void take_delay(sd_bus_message* answer);

    const std::string who_;
    const std::string why_;
    const Callbacks callbacks_;
    bool refusal_told_ = false;
    std::uint64_t sleeps_ = 0;
    // Which sleep the delay is for: a late `ready` of an earlier one must not drop it. The object
    // alone owns it; `ready` holds it weakly.
    struct Delay {
        std::uint64_t sleep = 0;
        UniqueFd inhibitor;
    };
    std::shared_ptr<Delay> delay_;
    std::unique_ptr<sd_bus, BusDeleter> bus_;
    Slot signal_;  // the slots go before their bus
    Slot request_;
};

}  // namespace minikvm
