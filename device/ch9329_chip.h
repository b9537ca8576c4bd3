// SPDX-License-Identifier: MIT
// Ch9329Chip: the serial-to-HID chip behind a serial port.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/ch9329_engine.h"
#include "device/chip_line.h"
#include "device/input_chip.h"
#include "device/serial_port.h"

namespace minikvm {

/// Shape:   create() starts looking for the chip; on_found says that it answers. The all-released
///          keyboard report is the probe at each speed, so it is the first command that the target
///          sees after a replug. From then on it is a HidSink; GET_INFO goes out between reports,
///          every 3 s and after a lock key. Ch9329Engine has the state machine.
/// Errors:  on_lost gets ProtocolError::NoReply when no speed answers, once; on_found may follow.
///          It gets what the descriptor said, ENODEV or EIO, when the stick was pulled: that is
///          final, comes from the loop, and nothing happens any more.
///          What waited for a chip that was reported as lost is forgotten by then (Outage::Long).
/// Limits:  CH9329 only: a CH32V208 must not be probed at other speeds.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.1, 5.6, 5.9, 5.10; decision 6 of docs/architecture.md.
class Ch9329Chip final : public InputChip, private Ch9329Wire, private ChipLineUser {
public:
    /// `loop` and `port` must outlive the chip; nobody else reads or writes the port meanwhile.
    static Result<std::unique_ptr<Ch9329Chip>> create(EventLoop& loop, SerialPort& port,
                                                      const Ch9329Options& options,
                                                      const Ch9329Callbacks& callbacks);
    ~Ch9329Chip() override = default;

    bool ready() const override { return !line_->is_lost() && engine_.ready(); }
    void send(const HidReport& report) override;
    void set_listener(HidSinkListener* listener) override { engine_.set_listener(listener); }

    /// To be called from on_silent alone.
    void reset();

    InputModel model() const override { return InputModel::Ch9329; }
    const std::optional<ch9329::Information>& information() const override {
        return engine_.information();
    }
    const ChipCounters& counters() const override { return engine_.counters(); }

private:
    Ch9329Chip(EventLoop& loop, const Ch9329Options& options, const Ch9329Callbacks& callbacks);

    void write(std::span<const std::uint8_t> frame) override { line_->write(frame); }
    void set_speed(int speed_bd) override { line_->set_speed(speed_bd); }
    void receive(TimePoint now, std::span<const std::uint8_t> bytes) override {
        engine_.receive(now, bytes);
    }
    void advance(TimePoint now) override { engine_.advance(now); }
    std::optional<TimePoint> deadline() const override { return engine_.deadline(); }
    void line_lost(const Error& error) override;

    EventLoop& loop_;
    Ch9329Callbacks callbacks_;
    Ch9329Engine engine_;
    std::unique_ptr<ChipLine> line_;
};

}  // namespace minikvm
