// SPDX-License-Identifier: MIT
// PtyLine: the simulated CH9329 on a pseudo terminal, for hosts without the ch341 driver.

#include "sim/serial/pty_line.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/log.h"

namespace minikvm::sim {
namespace {

/// The bits of termios as a number. None: a speed the line cannot have.
std::optional<unsigned> speed_of(speed_t speed) {
    constexpr std::array<std::pair<speed_t, unsigned>, 8> kSpeeds = {{{B1200, 1200},
                                                                      {B2400, 2400},
                                                                      {B4800, 4800},
                                                                      {B9600, 9600},
                                                                      {B19200, 19200},
                                                                      {B38400, 38400},
                                                                      {B57600, 57600},
                                                                      {B115200, 115200}}};
    for (const auto& [bits, number] : kSpeeds) {
        if (bits == speed) {
            return number;
        }
    }
    return std::nullopt;
}

Result<void> make_raw(int fd, const std::string& node) {
    termios settings{};
    if (::tcgetattr(fd, &settings) != 0) {
        return errno_error("read the settings of " + node);
    }
    ::cfmakeraw(&settings);
    ::cfsetspeed(&settings, B115200);
    if (::tcsetattr(fd, TCSANOW, &settings) != 0) {
        return errno_error("make raw " + node);
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<PtyLine>> PtyLine::create(EventLoop& loop, SerialHalf& half) {
    UniqueFd line(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    std::array<char, 64> name{};
    if (!line || ::grantpt(line.get()) != 0 || ::unlockpt(line.get()) != 0 ||
        ::ptsname_r(line.get(), name.data(), name.size()) != 0) {
        return errno_error("make a pseudo terminal");
    }
    std::string node = name.data();
    UniqueFd kept_open(::open(node.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!kept_open) {
        return errno_error("open " + node);
    }
    MINIKVM_TRY(make_raw(kept_open.get(), node));
    std::unique_ptr<PtyLine> pty(
        new PtyLine(half, std::move(line), std::move(kept_open), std::move(node)));
    PtyLine* borrowed = pty.get();
    pty->watch_ = MINIKVM_TRY(
        loop.watch(pty->line_.get(), EPOLLIN, [borrowed](std::uint32_t) { borrowed->read(); }));
    half.on_progress([borrowed] { borrowed->move_bytes(); });
    half.plug();
    return pty;
}

PtyLine::~PtyLine() {
    half_.on_progress(nullptr);
}

void PtyLine::read() {
    std::array<std::uint8_t, kBridgeBufferBytes> bytes{};
    const ssize_t count = ::read(line_.get(), bytes.data(), bytes.size());
    if (count <= 0) {
        return;
    }
    // Whoever opened the node sets its speed there; asked at the other end, a pseudo terminal
    // tells that one.
    termios settings{};
    if (::tcgetattr(line_.get(), &settings) == 0) {
        half_.set_speed(speed_of(::cfgetospeed(&settings)).value_or(kDefaultSpeedBd));
    }
    half_.send(std::span(bytes).first(static_cast<std::size_t>(count)));
    move_bytes();
}

void PtyLine::move_bytes() {
    watch_.set_events(half_.pending_to_chip() <= kBridgeBufferBytes ? EPOLLIN : 0U);
    if (half_.received() == 0) {
        return;
    }
    // A reader who is 4 KiB behind loses bytes, as at a real port.
    const std::vector<std::uint8_t> bytes = half_.take_received(half_.received());
    const ssize_t written = ::write(line_.get(), bytes.data(), bytes.size());
    if (written < 0) {
        log::debug("client: {} is not read, {} bytes are lost", node_, bytes.size());
    }
}

Result<void> run_pty_line(EventLoop& loop, const SerialOptions& options) {
    const std::unique_ptr<SerialHalf> half = MINIKVM_TRY(SerialHalf::create(loop, options));
    const std::unique_ptr<PtyLine> line = MINIKVM_TRY(PtyLine::create(loop, *half));
    fmt::print("{}\n", line->node());
    std::fflush(stdout);
    return loop.run();
}

}  // namespace minikvm::sim
