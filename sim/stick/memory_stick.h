// SPDX-License-Identifier: MIT
// MemoryStick: a USB disk that somebody has put into the switchable port.

#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "sim/stick/scsi_disk.h"
#include "sim/usb_device.h"

namespace minikvm::sim {

/// A high-speed device of class mass storage, bulk only, which the kernel's usb-storage takes.
///
/// Shape:   a command comes with its data, if the host has any; then the answer's data go back, and
///          then its status.
/// Errors:  what the host must not send is stalled until it resets the device.
/// Source:  USB Mass Storage Class, Bulk-Only Transport 1.0.
class MemoryStick final : public UsbDevice {
public:
    explicit MemoryStick(ScsiDisk disk);

protected:
    ControlReply control(const SetupPacket& setup, std::span<const std::uint8_t> data) override;
    void on_urb(std::uint8_t endpoint) override;
    void on_reset() override;
    void on_pulled() override;

private:
    void begin_again();
    // Each moves one transfer, if it can.
    bool take_sent();
    bool give_answer();
    bool take_command(std::span<const std::uint8_t> wrapper);
    bool gives_data() const;
    void carry_out();

    ScsiDisk disk_;
    bool broken_ = false;                            // after nonsense, until a reset
    std::vector<std::uint8_t> wrapper_;              // the command under way; none: empty
    std::vector<std::uint8_t> sent_;                 // by the host, of that command
    std::size_t expected_bytes_ = 0;                 // to be sent or given, as the host wants it
    bool is_short_ = false;                          // fewer were
    std::deque<std::vector<std::uint8_t>> answers_;  // data, then status
};

}  // namespace minikvm::sim
