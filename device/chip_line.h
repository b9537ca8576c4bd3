// SPDX-License-Identifier: MIT
// ChipLine: a serial port and a timer, for an engine that has neither.

#pragma once

#include <memory>
#include <optional>
#include <span>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/serial_port.h"

namespace minikvm {

/// What is moved along by a line.
class ChipLineUser {
public:
    ChipLineUser(const ChipLineUser&) = delete;
    ChipLineUser& operator=(const ChipLineUser&) = delete;
    virtual ~ChipLineUser() = default;

    virtual void receive(TimePoint now, std::span<const std::uint8_t> bytes) = 0;
    virtual void advance(TimePoint now) = 0;
    virtual std::optional<TimePoint> deadline() const = 0;

    /// The descriptor has failed: ENODEV or EIO when the stick was pulled. Final, and the last
    /// call.
    virtual void line_lost(const Error& error) = 0;

protected:
    ChipLineUser() = default;
};

/// Shape:   the user writes whenever it likes, and calls rearm() after everything that may have
///          moved its deadline from outside.
/// Errors:  create: what the loop gives. A port that fails is told from the loop, never from inside
///          write(). A full buffer is a frame lost on its way, which the user's time-out is for.
/// Thread:  the thread that made it.
class ChipLine final {
public:
    /// `loop`, `port` and `user` must outlive the line; nobody else reads or writes the port.
    static Result<std::unique_ptr<ChipLine>> create(EventLoop& loop, SerialPort& port,
                                                    ChipLineUser& user);
    ChipLine(const ChipLine&) = delete;
    ChipLine& operator=(const ChipLine&) = delete;
    ~ChipLine() = default;

    void write(std::span<const std::uint8_t> frame);
    void set_speed(int speed_bd);
    void rearm();
    bool is_lost() const { return lost_.has_value(); }

private:
    ChipLine(EventLoop& loop, SerialPort& port, ChipLineUser& user)
        : loop_(loop), port_(port), user_(user) {}
    void read_port();
    void on_deadline(TimePoint now);
    void lose(const Error& error);

    EventLoop& loop_;
    SerialPort& port_;
    ChipLineUser& user_;
    std::optional<Error> lost_;
    Watch watch_;
    Timer timer_;
};

}  // namespace minikvm
