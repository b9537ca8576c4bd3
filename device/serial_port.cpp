// SPDX-License-Identifier: MIT
// SerialPort over a Linux tty; libserialport says whose tty it is.

#include "device/serial_port.h"

#include <asm/termbits.h>
#include <fcntl.h>
#include <libserialport.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>

namespace minikvm {
namespace {

struct PortDeleter {
    void operator()(sp_port* port) const { sp_free_port(port); }
};
using PortPtr = std::unique_ptr<sp_port, PortDeleter>;

Result<void> check_usb_id(const std::string& node, UsbId expected) {
    sp_port* found = nullptr;
    // Reads sysfs only; the node stays closed.
    const sp_return result = sp_get_port_by_name(node.c_str(), &found);
    const PortPtr port(found);
    if (result != SP_OK) {
        return make_error(std::make_error_code(std::errc::no_such_device), "find " + node);
    }
    int vendor = 0;
    int product = 0;
    if (sp_get_port_transport(port.get()) != SP_TRANSPORT_USB ||
        sp_get_port_usb_vid_pid(port.get(), &vendor, &product) != SP_OK ||
        vendor != expected.vendor || product != expected.product) {
        return make_error(std::make_error_code(std::errc::no_such_device),
                          fmt::format("find {:04x}:{:04x} behind {}, which has {:04x}:{:04x}",
                                      expected.vendor, expected.product, node, vendor, product));
    }
    return {};
}

// A pty has no control lines; it says ENOTTY (Linux 6.x) or EINVAL.
bool has_no_lines(int error_number) {
    return error_number == ENOTTY || error_number == EINVAL;
}

int clear_lines(int fd, int lines) {
    const int result = ::ioctl(fd, TIOCMBIC, &lines);
    return result < 0 && has_no_lines(errno) ? 0 : result;
}

// A number for a speed that has no constant; a constant where there is one, since programs that
// know those alone may look at the port too.
tcflag_t speed_bits(int speed_bd) {
    constexpr std::array<std::pair<int, tcflag_t>, 8> kConstants = {{{1200, B1200},
                                                                     {2400, B2400},
                                                                     {4800, B4800},
                                                                     {9600, B9600},
                                                                     {19200, B19200},
                                                                     {38400, B38400},
                                                                     {57600, B57600},
                                                                     {115200, B115200}}};
    for (const auto& [number, constant] : kConstants) {
        if (number == speed_bd) {
            return constant;
        }
    }
    return BOTHER;
}

}  // namespace

Result<SerialPort> SerialPort::open_usb(const std::string& node, UsbId expected) {
    MINIKVM_TRY(check_usb_id(node, expected));
    return open(node);
}

Result<SerialPort> SerialPort::open(const std::string& node) {
    UniqueFd fd(::open(node.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    // Nothing between the open and this: each millisecond counts (docs/hardware.md 5.7).
    const int cleared = fd ? clear_lines(fd.get(), TIOCM_DTR | TIOCM_RTS) : -1;
    if (cleared < 0) {
        return errno_error("open " + node);
    }
    SerialPort port(std::move(fd), node);
    MINIKVM_TRY(port.claim());
    MINIKVM_TRY(port.configure());
    return port;
}

Result<SerialPort> SerialPort::take_over(UniqueFd fd, const std::string& node) {
    struct stat mine {};
    struct stat wanted {};
    if (::fstat(fd.get(), &mine) < 0 || ::stat(node.c_str(), &wanted) < 0) {
        return errno_error("take over " + node);
    }
    if (mine.st_rdev != wanted.st_rdev) {
        return errno_error(-EXDEV, "take over " + node);
    }
    SerialPort port(std::move(fd), node);
    MINIKVM_TRY(port.claim());
    // A number may have been given to another stick since; the dead descriptor says EIO.
    MINIKVM_TRY(port.configure());
    MINIKVM_TRY(port.learn_dtr());
    port.drop_pending();
    return port;
}

Result<void> SerialPort::learn_dtr() {
    int lines = 0;
    if (::ioctl(fd_.get(), TIOCMGET, &lines) < 0) {
        return has_no_lines(errno) ? Result<void>()
                                   : errno_error("read the control lines of " + node_);
    }
    dtr_ = (lines & TIOCM_DTR) != 0 ? LineLevel::Raised : LineLevel::Cleared;
    return {};
}

Result<void> SerialPort::claim() {
    if (::flock(fd_.get(), LOCK_EX | LOCK_NB) < 0) {
        const bool taken = errno == EWOULDBLOCK;
        return make_error(std::error_code(taken ? EBUSY : errno, std::generic_category()),
                          "lock " + node_);
    }
    if (::ioctl(fd_.get(), TIOCEXCL) < 0) {
        return errno_error("claim " + node_);
    }
    return {};
}

Result<void> SerialPort::configure() {
    termios2 settings{};
    if (::ioctl(fd_.get(), TCGETS2, &settings) < 0) {
        return errno_error("read the settings of " + node_);
    }
    settings.c_iflag = IGNBRK | IGNPAR;
    settings.c_oflag = 0;
    settings.c_lflag = 0;
    // Without HUPCL closing does not touch the lines.
    settings.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | CSTOPB | CRTSCTS | HUPCL);
    settings.c_cflag |= CS8 | CREAD | CLOCAL;
    // With a minimum of 1, no bytes is EAGAIN; reading 0 bytes is left to mean a hang-up.
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    if (::ioctl(fd_.get(), TCSETS2, &settings) < 0) {
        return errno_error("configure " + node_);
    }
    speed_bd_ = static_cast<int>(settings.c_ospeed);
    return {};
}

Result<void> SerialPort::set_speed(int speed_bd) {
    termios2 settings{};
    if (::ioctl(fd_.get(), TCGETS2, &settings) < 0) {
        return errno_error("read the settings of " + node_);
    }
    settings.c_cflag &= ~static_cast<tcflag_t>(CBAUD | (CBAUD << IBSHIFT));
    settings.c_cflag |= speed_bits(speed_bd);
    settings.c_ispeed = static_cast<speed_t>(speed_bd);
    settings.c_ospeed = static_cast<speed_t>(speed_bd);
    drop_pending();
    if (::ioctl(fd_.get(), TCSETS2, &settings) < 0) {
        return errno_error(fmt::format("set {} to {} Bd", node_, speed_bd));
    }
    speed_bd_ = speed_bd;
    return {};
}

Result<std::size_t> SerialPort::read(std::span<std::uint8_t> buffer) {
    const ssize_t count = ::read(fd_.get(), buffer.data(), buffer.size());
    if (count > 0) {
        return static_cast<std::size_t>(count);
    }
    if (count == 0) {
        return make_error(std::make_error_code(std::errc::no_such_device), "read " + node_);
    }
    if (errno == EAGAIN || errno == EINTR) {
        return std::size_t{0};
    }
    return errno_error("read " + node_);
}

Result<void> SerialPort::write(std::span<const std::uint8_t> frame) {
    const ssize_t count = ::write(fd_.get(), frame.data(), frame.size());
    if (count == static_cast<ssize_t>(frame.size())) {
        return {};
    }
    if (count >= 0 || errno == EAGAIN || errno == EINTR) {
        return make_error(std::make_error_code(std::errc::no_buffer_space), "write " + node_);
    }
    return errno_error("write " + node_);
}

void SerialPort::drop_pending() {
    ::ioctl(fd_.get(), TCFLSH, TCIOFLUSH);
}

Result<void> SerialPort::set_dtr(LineLevel level) {
    const int lines = TIOCM_DTR;
    const auto request = level == LineLevel::Raised ? TIOCMBIS : TIOCMBIC;
    if (::ioctl(fd_.get(), request, &lines) < 0) {
        return errno_error("set DTR of " + node_);
    }
    dtr_ = level;
    return {};
}

Result<void> SerialPort::restore_lines() {
    const int lines = dtr_ == LineLevel::Raised ? TIOCM_RTS : TIOCM_RTS | TIOCM_DTR;
    if (clear_lines(fd_.get(), lines) < 0) {
        return errno_error("clear the control lines of " + node_);
    }
    return {};
}

}  // namespace minikvm
