// SPDX-License-Identifier: MIT
// SerialPort: the stick's tty, opened once with its control lines cleared at once.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "common/result.h"
#include "common/unique_fd.h"
#include "device/usb_id.h"

namespace minikvm {

enum class LineLevel { Cleared, Raised };

/// Shape:   open once, keep for as long as the stick is plugged and not mute. Every open of the
///          node raises DTR and RTS, also a second one: DTR cuts the USB-A port's ground, RTS
///          resets the CH9329 after 50 ms. So the descriptor is opened here, not by libserialport's
///          sp_open(): that reads the lines back, raises each once more and sets HUPCL before its
///          caller can clear them, and it cannot take over a descriptor. libserialport says what
///          adapter a node belongs to, without opening it, so that nobody else's lines are ever
///          raised.
/// Errors:  open: what open(2) gives, EBUSY when someone else holds the port;
///          open_usb: ENODEV as well, when the node is not the adapter that was expected.
///          read and write: ENODEV or EIO once the stick is gone.
/// Limits:  8N1 without flow control. Speeds: any that the driver has, 1200..115200 for a CH9329.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.7; libserialport 0.1.1 serialport.c, sp_open() and set_config();
///          kernel drivers/tty/tty_port.c, tty_port_block_til_ready().
class SerialPort final {
public:
    /// Any tty. Its speed is what it was; set_speed() comes before the first write.
    static Result<SerialPort> open(const std::string& node);

    /// The tty of a USB adapter, refused unopened when it is another one.
    static Result<SerialPort> open_usb(const std::string& node, UsbId expected);

    /// A descriptor that open() made, in this process or in one before it. The lines are not moved:
    /// DTR stays what it was set to. What has come in and was not read is dropped.
    /// Errors: EIO when the stick it was of is gone, EXDEV when it is of another node.
    static Result<SerialPort> take_over(UniqueFd fd, const std::string& node);

    int fd() const { return fd_.get(); }
    const std::string& node() const { return node_; }
    int speed_bd() const { return speed_bd_; }

    /// Changes the speed on the open descriptor and drops what was on its way.
    Result<void> set_speed(int speed_bd);

    /// Bytes read into `buffer`; 0 when there are none now.
    Result<std::size_t> read(std::span<std::uint8_t> buffer);

    /// Writes all of a frame at once, since a gap of 3 ms in a frame ends it for the chip.
    /// Errors: ENOBUFS when the driver could not take all of it.
    Result<void> write(std::span<const std::uint8_t> frame);

    /// Drops what is received but not read, and written but not sent.
    void drop_pending();

    /// DTR switches the USB-A port's power (raised: off).
    Result<void> set_dtr(LineLevel level);
    LineLevel dtr() const { return dtr_; }

    /// Puts both lines back to where we want them, after someone else's open raised them.
    Result<void> restore_lines();

private:
    SerialPort(UniqueFd fd, std::string node) : fd_(std::move(fd)), node_(std::move(node)) {}
    Result<void> claim();
    Result<void> configure();
    Result<void> learn_dtr();

    UniqueFd fd_;
    std::string node_;
    int speed_bd_ = 0;
    LineLevel dtr_ = LineLevel::Cleared;
};

}  // namespace minikvm
