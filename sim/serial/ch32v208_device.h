// SPDX-License-Identifier: MIT
// Ch32v208Device: the CH32V208 on the host's USB side, a modem of class CDC-ACM, 1a86:fe0c.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "common/result.h"
#include "sim/serial/ch32v208_half.h"
#include "sim/serial/edge_trace.h"
#include "sim/serial/modem_lines.h"
#include "sim/usb_device.h"

namespace minikvm::sim {

/// Shape:   plugged and pulled like any UsbDevice; the half behind it stays. What the host sends
///          goes to the chip at once: the line's settings are kept and change nothing, DTR and RTS
///          are traced and change nothing.
/// Errors:  create() gives what opening the trace file gives; an empty path traces nothing.
/// Thread:  the thread that made it.
/// Source:  hardware.md 8.3 for the descriptors, 5.12 for the requests.
class Ch32v208Device final : public UsbDevice {
public:
    /// `half` must outlive the device, which takes its on_progress().
    static Result<std::unique_ptr<Ch32v208Device>> create(Ch32v208Half& half,
                                                          const std::string& trace_path);
    Ch32v208Device(const Ch32v208Device&) = delete;
    Ch32v208Device& operator=(const Ch32v208Device&) = delete;
    ~Ch32v208Device() override;

protected:
    ControlReply control(const SetupPacket& setup, std::span<const std::uint8_t> data) override;
    void on_urb(std::uint8_t endpoint) override;
    void on_reset() override;
    void on_pulled() override;

private:
    static constexpr std::size_t kLineCodingBytes = 7;

    Ch32v208Device(Ch32v208Half& half, EdgeTrace trace);
    void move_bytes();
    void give_received();

    Ch32v208Half& half_;
    EdgeTrace trace_;
    ModemLines lines_;
    std::uint64_t requests_ = 0;
    std::array<std::uint8_t, kLineCodingBytes> line_coding_{};
};

}  // namespace minikvm::sim
