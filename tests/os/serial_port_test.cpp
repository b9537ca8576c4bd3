// SPDX-License-Identifier: MIT
// What SerialPort promises, on a pseudo-terminal.

#include "device/serial_port.h"

#include <asm/termbits.h>
#include <fcntl.h>
#include <sys/ioctl.h>

#include <array>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device/generation.h"
#include "device/tty_guard.h"
#include "tests/fakes/pseudo_terminal.h"

namespace minikvm {
namespace {

using Bytes = std::vector<std::uint8_t>;
using testing::ElementsAreArray;

termios2 settings_of(const SerialPort& port) {
    termios2 settings{};
    EXPECT_EQ(::ioctl(port.fd(), TCGETS2, &settings), 0);
    return settings;
}

// As the service manager hands it to the next process: of the same open file.
UniqueFd duplicate_of(const SerialPort& port) {
    return UniqueFd(::fcntl(port.fd(), F_DUPFD_CLOEXEC, 0));
}

TEST(SerialPort, LeavesTheLinesAloneWhenItCloses) {
    const PseudoTerminal tty;
    const auto port = SerialPort::open(tty.node());

    ASSERT_TRUE(port) << port.error().message();
    EXPECT_EQ(settings_of(*port).c_cflag & HUPCL, 0U);
}

TEST(SerialPort, TurnsOffTheFlowControlThatItsPredecessorLeft) {
    const PseudoTerminal tty;
    const UniqueFd predecessor(::open(tty.node().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    termios2 settings{};
    ASSERT_EQ(::ioctl(predecessor.get(), TCGETS2, &settings), 0);
    settings.c_cflag |= CRTSCTS;
    ASSERT_EQ(::ioctl(predecessor.get(), TCSETS2, &settings), 0);

    const auto port = SerialPort::open(tty.node());

    ASSERT_TRUE(port);
    EXPECT_EQ(settings_of(*port).c_cflag & CRTSCTS, 0U);
}

TEST(SerialPort, TakesOverADescriptorWithItsSpeed) {
    const PseudoTerminal tty;
    auto before = SerialPort::open(tty.node());
    ASSERT_TRUE(before);
    ASSERT_TRUE(before->set_speed(115200));

    const auto after = SerialPort::take_over(duplicate_of(*before), tty.node());

    ASSERT_TRUE(after) << after.error().message();
    EXPECT_EQ(after->speed_bd(), 115200);
}

TEST(SerialPort, TakesOverNoDescriptorOfAnotherNode) {
    const PseudoTerminal tty;
    const PseudoTerminal other;
    const auto before = SerialPort::open(tty.node());
    ASSERT_TRUE(before);

    const auto after = SerialPort::take_over(duplicate_of(*before), other.node());

    EXPECT_EQ(after.error().code, std::errc::cross_device_link);
}

TEST(SerialPort, TakesOverNoDescriptorThatWasHungUp) {
    PseudoTerminal tty;
    const auto before = SerialPort::open(tty.node());
    ASSERT_TRUE(before);
    // Named by its descriptor: a pty's own name goes with its far end.
    const std::string node = "/proc/self/fd/" + std::to_string(before->fd());
    tty.hang_up();

    const auto after = SerialPort::take_over(duplicate_of(*before), node);

    EXPECT_EQ(after.error().code, std::errc::io_error);
}

TEST(SerialPort, PassesEveryByteAsItIs) {
    const PseudoTerminal tty;
    auto port = SerialPort::open(tty.node());
    ASSERT_TRUE(port);
    Bytes all;
    for (int value = 0; value < 256; ++value) {
        all.push_back(static_cast<std::uint8_t>(value));
    }

    ASSERT_TRUE(port->write(all));
    EXPECT_THAT(tty.hear(all.size()), ElementsAreArray(all));
    tty.say(all);
    std::array<std::uint8_t, 512> buffer{};
    const auto count = port->read(buffer);
    ASSERT_TRUE(count);
    EXPECT_THAT(Bytes(buffer.begin(), buffer.begin() + *count), ElementsAreArray(all));
}

TEST(SerialPort, ReadsNothingWhileNothingCame) {
    const PseudoTerminal tty;
    auto port = SerialPort::open(tty.node());
    ASSERT_TRUE(port);

    std::array<std::uint8_t, 8> buffer{};
    EXPECT_EQ(port->read(buffer).value(), 0U);
}

TEST(SerialPort, SetsSpeedsThatHaveNoConstant) {
    const PseudoTerminal tty;
    auto port = SerialPort::open(tty.node());
    ASSERT_TRUE(port);

    ASSERT_TRUE(port->set_speed(14400));

    EXPECT_EQ(settings_of(*port).c_ospeed, 14400U);
    EXPECT_EQ(port->speed_bd(), 14400);
}

TEST(SerialPort, IsBusyForASecondOpener) {
    const PseudoTerminal tty;
    const auto first = SerialPort::open(tty.node());
    ASSERT_TRUE(first);

    const auto second = SerialPort::open(tty.node());

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, std::errc::device_or_resource_busy);
}

TEST(SerialPort, SaysNoSuchDeviceOnceTheStickIsPulled) {
    PseudoTerminal tty;
    auto port = SerialPort::open(tty.node());
    ASSERT_TRUE(port);
    tty.hang_up();

    std::array<std::uint8_t, 8> buffer{};
    const auto count = port->read(buffer);

    ASSERT_FALSE(count);
    EXPECT_TRUE(count.error().code == std::errc::no_such_device ||
                count.error().code == std::errc::io_error);
}

TEST(SerialPort, DoesNotOpenATtyOfAnotherAdapter) {
    const PseudoTerminal tty;

    const auto port = SerialPort::open_usb(tty.node(), kCh340);

    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().code, std::errc::no_such_device);
}

TEST(SerialPort, NamesTheNodeThatDoesNotExist) {
    const auto port = SerialPort::open("/dev/ttyUSB-none");

    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().code, std::errc::no_such_file_or_directory);
    EXPECT_THAT(port.error().message(), testing::HasSubstr("/dev/ttyUSB-none"));
}

TEST(TtyGuard, NoticesWhenSomeoneElseOpensTheTty) {
    const auto loop = std::move(EventLoop::create().value());
    const PseudoTerminal tty;
    auto port = SerialPort::open(tty.node());
    ASSERT_TRUE(port);
    const auto guard = TtyGuard::create(*loop, *port, [&] { loop->stop(); });
    ASSERT_TRUE(guard);

    // What root may do in spite of the claim.
    ASSERT_EQ(::ioctl(port->fd(), TIOCNXCL), 0);
    const UniqueFd intruder(::open(tty.node().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    ASSERT_TRUE(loop->run());

    EXPECT_EQ((*guard)->intrusions(), 1U);
}

}  // namespace
}  // namespace minikvm
