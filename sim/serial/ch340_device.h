// SPDX-License-Identifier: MIT
// Ch340Device: the stick's serial bridge on the USB side, 1a86:7523.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "common/result.h"
#include "sim/serial/ch340_registers.h"
#include "sim/serial/edge_trace.h"
#include "sim/serial/modem_lines.h"
#include "sim/serial/serial_half.h"
#include "sim/usb_device.h"

namespace minikvm::sim {

struct Ch340Options {
    std::string trace_path;  // where DTR's and RTS's edges go, one a line; empty: nowhere

    /// False: the break register stalls, by which Linux knows chips that cannot send a break.
    bool has_break = true;

    /// CTS flips with each report given to the target, as the datasheet says of the CH9329's UP
    /// pin; a bench saw it never move (hardware.md 4.1).
    bool cts_flips = false;
};

/// Shape:   plugged and pulled like any UsbDevice; the half behind it stays. What the host sends
///          goes to the chip at the divisor's speed, and an OUT transfer is done when the
///          bridge's buffer has room for it. RTS pulls the chip's DEF.
/// Errors:  create() gives what opening the trace file gives.
/// Limits:  data bits, parity and stop bits are kept, not acted on: the line is 8N1.
/// Thread:  the thread that made it; the DTR callback arrives there.
/// Source:  hardware.md 8.2 for the requests, 4.1 and 5.7 for DTR and RTS.
class Ch340Device final : public UsbDevice {
public:
    using DtrCallback = std::function<void(ModemLevel level)>;

    /// `half` must outlive the device, which takes its on_progress().
    static Result<std::unique_ptr<Ch340Device>> create(SerialHalf& half,
                                                       const Ch340Options& options);

    Ch340Device(const Ch340Device&) = delete;
    Ch340Device& operator=(const Ch340Device&) = delete;
    ~Ch340Device() override;

    /// DTR asserted cuts the USB-A port's ground (hardware.md 4.1).
    void on_dtr(DtrCallback callback) { dtr_callback_ = std::move(callback); }

    ModemLevel dtr() const { return lines_.level(ModemLine::Dtr); }
    ModemLevel rts() const { return lines_.level(ModemLine::Rts); }
    Ch340Options& options() { return options_; }

protected:
    ControlReply control(const SetupPacket& setup, std::span<const std::uint8_t> data) override;
    void on_urb(std::uint8_t endpoint) override;
    void on_reset() override;
    void on_pulled() override;

private:
    Ch340Device(SerialHalf& half, const Ch340Options& options, EdgeTrace trace);
    ControlReply read_registers(std::uint16_t numbers) const;
    ControlReply write(const SetupPacket& setup);
    void edge(const ModemEdge& edge);
    void move_bytes();
    void send_waiting();
    void give_received();
    void tell_cts();

    SerialHalf& half_;
    Ch340Options options_;
    EdgeTrace trace_;
    Ch340Registers registers_;
    ModemLines lines_;
    std::uint64_t requests_ = 0;
    DtrCallback dtr_callback_;
    std::size_t reports_told_ = 0;
};

}  // namespace minikvm::sim
