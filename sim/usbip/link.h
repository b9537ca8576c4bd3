// SPDX-License-Identifier: MIT
// UsbipLink: a plugged device's connection to vhci_hcd.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "sim/usb_device.h"
#include "sim/usbip/packet.h"

namespace minikvm::sim {

/// Shape:   plugs the device in when made. Ends by hang_up(), or when the kernel lets go; either
///          way the device is pulled and on_closed is called once, never from inside hang_up().
///          Control requests that wait are answered with -EPROTO first, as by a hub whose port
///          went empty; else the host would wait its five seconds for each. Other URBs are left to
///          vhci_hcd, which gives them back as of a device that is gone: drivers would submit
///          them once more after -EPROTO, to a bus that is not there.
/// Limits:  never blocks: what the socket does not take waits here, at most one answer for each
///          of UsbDevice::kMaxPendingUrbs.
/// Errors:  create() gives what registering with the loop gives.
/// Thread:  the thread that made it.
/// Source:  Documentation/usb/usbip_protocol.rst of Linux.
class UsbipLink final : public UsbBus {
public:
    /// `device` must outlive the link. `socket` is a stream socket of which vhci_hcd has the peer.
    static Result<std::unique_ptr<UsbipLink>> create(EventLoop& loop, UniqueFd socket,
                                                     UsbDevice& device,
                                                     std::function<void()> on_closed);
    UsbipLink(const UsbipLink&) = delete;
    UsbipLink& operator=(const UsbipLink&) = delete;
    ~UsbipLink() override;

    void complete(const Urb& urb, UrbStatus status) override;

    void hang_up();

private:
    //   Open -- hang_up() --> HangingUp -- all sent --> Closed
    //     +------ the kernel lets go, or breaks the protocol ----^
    enum class State { Open, HangingUp, Closed };

    UsbipLink(EventLoop& loop, UniqueFd socket, UsbDevice& device, std::function<void()> on_closed)
        : loop_(loop),
          device_(device),
          on_closed_(std::move(on_closed)),
          socket_(std::move(socket)) {}

    void on_ready(std::uint32_t events);
    bool read_some();
    bool handle_received();
    void handle(const SubmitCommand& command, std::span<const std::uint8_t> body);
    void handle(const UnlinkCommand& command);
    void answer_control(const SubmitCommand& command, std::span<const std::uint8_t> data);
    void send(std::span<const std::span<const std::uint8_t>> parts);
    void flush();
    void pull_device();
    void close();

    EventLoop& loop_;
    UsbDevice& device_;
    std::function<void()> on_closed_;
    UniqueFd socket_;
    Watch watch_;
    State state_ = State::Open;
    std::vector<std::uint8_t> received_;
    std::vector<std::uint8_t> outgoing_;
    std::size_t outgoing_sent_ = 0;
    std::deque<std::uint32_t> unanswered_;  // control requests that met silence
};

}  // namespace minikvm::sim
