// SPDX-License-Identifier: MIT
// Getting a device into a port of vhci_hcd, then out of it.

#include "sim/usbip/port.h"

#include <sys/socket.h>

#include <array>
#include <chrono>

#include "common/log.h"

namespace minikvm::sim {
namespace {

// The kernel frees a port within 0.2 s (measured: 24 to 203 ms until the nodes are gone), unless
// the host is busy, or a driver waits for an answer that does not come.
constexpr std::chrono::milliseconds kRetryTime{10};
constexpr std::chrono::seconds kPatience{60};

// Room for a few URBs of video each way, so that a frame rarely waits for the other side.
constexpr int kSocketBufferBytes = 1 << 20;

}  // namespace

Result<std::unique_ptr<UsbPort>> UsbPort::create(EventLoop& loop, const VhciController& controller,
                                                 unsigned number, UsbDevice& device) {
    std::unique_ptr<UsbPort> port(new UsbPort(loop, controller, number, device));
    port->retry_ =
        MINIKVM_TRY(loop.timer([raw = port.get()](TimePoint /*now*/) { raw->attach_or_retry(); }));
    return port;
}

void UsbPort::select(Plugged wanted) {
    if (wanted == wanted_) {
        return;
    }
    wanted_ = wanted;
    wanted_since_ = Clock::now();
    retry_.disarm();
    if (wanted == Plugged::No && link_) {
        leaving_ = true;
        link_->hang_up();
    } else if (wanted == Plugged::Yes && !link_) {
        attach_or_retry();
    }
}

void UsbPort::attach_or_retry() {
    if (link_ || wanted_ == Plugged::No) {
        return;
    }
    const auto state = controller_.state(number_);
    if (state && *state == VhciPortState::Used && Clock::now() - wanted_since_ < kPatience) {
        retry_.arm_after(kRetryTime);
        return;
    }
    const Result<void> attached = state ? attach() : tl::unexpected<Error>(state.error());
    if (!attached) {
        log::error("kernel: no device in port {}: {} bus={}", number_, attached.error().message(),
                   controller_.bus());
        wanted_ = Plugged::No;
    }
}

Result<void> UsbPort::attach() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
        return errno_error("socketpair");
    }
    UniqueFd ours(ends[0]);
    const UniqueFd kernels(ends[1]);
    for (const int fd : ends) {
        // Best effort: smaller buffers only cost wake-ups.
        ::setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &kSocketBufferBytes,
                     sizeof(kSocketBufferBytes));
    }
    auto link =
        MINIKVM_TRY(UsbipLink::create(loop_, std::move(ours), device_, [this]() { on_closed(); }));
    MINIKVM_TRY(controller_.attach(number_, kernels.get(), device_.descriptors().speed));
    link_ = std::move(link);
    return {};
}

void UsbPort::on_closed() {
    link_.reset();
    if (leaving_) {
        leaving_ = false;
        attach_or_retry();  // it may be wanted back already
        return;
    }
    log::warning("kernel: let go of the device in port {} bus={}", number_, controller_.bus());
    wanted_ = Plugged::No;
}

}  // namespace minikvm::sim
