// SPDX-License-Identifier: MIT
// VirtualStick: the parts of a stick, wired as on the board of its generation.

#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "sim/ms2109/device.h"
#include "sim/serial/ch32v208_device.h"
#include "sim/serial/ch32v208_half.h"
#include "sim/serial/ch340_device.h"
#include "sim/serial/input_half.h"
#include "sim/serial/serial_half.h"
#include "sim/stick/board.h"
#include "sim/stick/plain_device.h"
#include "sim/stick/stick_options.h"
#include "sim/stick/usb_a_place.h"
#include "sim/usbip/port.h"
#include "sim/usbip/vhci.h"

namespace minikvm::sim {

/// A part of the stick that can be pulled from the host by itself.
enum class StickHalf { Capture, Serial };

/// Shape:   set what is wanted; the ports follow. The halves appear one after the other, in the
///          order of the options, then the USB-A device and the one on the extension pins.
///          What the chips know stays over an unplug as long as the target powers them.
/// Errors:  create() says ENOENT without vhci_hcd, or why a file cannot be opened.
/// Thread:  the thread that made it.
///          The hub itself is vhci_hcd's root hub.
/// Source:  hardware.md 1.2, 1.4 (ports, power) and 4 (the switch).
class VirtualStick final {
public:
    static Result<std::unique_ptr<VirtualStick>> create(EventLoop& loop,
                                                        const StickOptions& options);
    VirtualStick(const VirtualStick&) = delete;
    VirtualStick& operator=(const VirtualStick&) = delete;
    ~VirtualStick() = default;

    /// Called once, when everything that is to be plugged in has been.
    void on_ready(std::function<void()> callback) { ready_ = std::move(callback); }

    /// The host's cable.
    void set_cable(Plugged plugged);
    void set_half(StickHalf half, Plugged plugged);
    void set_usb_a(UsbASocket socket);
    void set_extension(Plugged plugged);

    void set_signal(HdmiSignal signal, WithoutSignal without = WithoutSignal::Filler);
    void set_input(const InputMode& mode);
    void set_slide(Side side);
    void set_nonce(std::uint32_t nonce);
    std::uint32_t nonce() const { return options_.picture.nonce; }

    enum class SwitchWire { Connected, Broken };
    /// Broken: the chip takes the command to switch, and nothing moves.
    void set_switch_wire(SwitchWire wire);

    /// To be called after the target's power may have changed.
    void update_power();

    InputHalf& input() { return *input_; }
    Ms2109Device& capture() { return *ms2109_; }
    UsbAPlace usb_a() const;
    const std::string& trace_path() const { return options_.ch340.trace_path; }

    /// One `name value` line each.
    std::string status() const;

private:
    enum PortIndex : std::size_t { CapturePort, SerialPort, UsbAPort, ExtensionPort, PortCount };

    VirtualStick(EventLoop& loop, const StickOptions& options, VhciController controller);
    Result<void> make_parts();
    Result<void> make_ch9329_half();
    Result<void> make_ch32v208_half();
    Result<void> make_ports();
    unsigned hub_port(PortIndex port) const;
    void move_mux(Side side);
    Side selected() const;
    bool target_feeds() const;
    UsbDevice& device_in(PortIndex port);
    bool wanted(PortIndex port) const;
    void apply();
    void on_configured(PortIndex port);
    void admit_further();
    void tell_ready();

    EventLoop& loop_;
    StickOptions options_;
    VhciController controller_;
    std::unique_ptr<PictureThread> pictures_;
    const Board& board_;
    std::unique_ptr<SerialHalf> ch9329_;      // this one,
    std::unique_ptr<Ch32v208Half> ch32v208_;  // or this one
    InputHalf* input_ = nullptr;              // whichever there is
    std::unique_ptr<Ms2109Device> ms2109_;
    std::unique_ptr<UsbDevice> serial_device_;  // over input_
    std::unique_ptr<UsbDevice> usb_a_device_;
    std::unique_ptr<UsbDevice> extension_device_;
    std::array<std::unique_ptr<UsbPort>, PortCount> ports_;  // last: they use the devices
    Timer admission_;

    std::array<PortIndex, PortCount> order_;
    std::size_t admitted_ = 0;  // how many of order_ may be plugged in by now
    Plugged cable_ = Plugged::No;
    Plugged capture_ = Plugged::Yes;
    Plugged serial_plug_ = Plugged::Yes;
    Plugged extension_ = Plugged::No;
    UsbASocket socket_ = UsbASocket::Empty;
    UsbAGround ground_ = UsbAGround::Closed;
    SwitchWire wire_ = SwitchWire::Connected;
    Side mux_ = Side::Host;
    Side slide_ = Side::Host;  // of a board whose switch it is
    HdmiSignal signal_ = HdmiSignal::Present;
    bool powered_ = true;
    std::function<void()> ready_;
};

}  // namespace minikvm::sim
