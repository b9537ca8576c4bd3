// SPDX-License-Identifier: MIT
// Ch32v208Chip: the chip of the Mini-KVM v2 and the KVM-GO behind its modem port.

#pragma once

#include <memory>
#include <optional>
#include <span>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/ch32v208_engine.h"
#include "device/chip_line.h"
#include "device/input_chip.h"
#include "device/serial_port.h"

namespace minikvm {

/// Shape:   create() greets the chip with the all-released keyboard report; on_found says that it
///          answers. From then on it is a HidSink; GET_INFO and the switch's position are asked for
///          between reports, every 3 s. Ch32v208Engine has the state machine.
/// Errors:  on_lost gets ProtocolError::NoReply when the chip is silent, once; on_found may follow.
///          A port that enumerates and never answers has been seen on Linux
///          (docs/hardware.md 5.12). It gets what the descriptor said, ENODEV or EIO, when the
///          stick was pulled: that is final, comes from the loop, and nothing happens any more.
/// Limits:  three mouse buttons, no media and no system keys, usages up to 91 (hex).
///          The line has no speed; the vendor's number is set once. The port is neither closed nor
///          reset, and its lines stay cleared: closing and opening it again has wedged the chip.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 4.4, 5.12.
class Ch32v208Chip final : public InputChip, private ChipWire, private ChipLineUser {
public:
    /// `loop` and `port` must outlive the chip; nobody else reads or writes the port meanwhile.
    static Result<std::unique_ptr<Ch32v208Chip>> create(EventLoop& loop, SerialPort& port,
                                                        const Ch32v208Callbacks& callbacks);
    Ch32v208Chip(const Ch32v208Chip&) = delete;
    Ch32v208Chip& operator=(const Ch32v208Chip&) = delete;
    /// A move that nobody has answered yet fails.
    ~Ch32v208Chip() override { engine_.stop(); }

    bool ready() const override { return !line_->is_lost() && engine_.ready(); }
    void send(const HidReport& report) override;
    void set_listener(HidSinkListener* listener) override { engine_.set_listener(listener); }
    HidAbilities abilities() const override;

    InputModel model() const override { return InputModel::Ch32v208; }
    const std::optional<ch9329::Information>& information() const override {
        return engine_.information();
    }
    const ChipCounters& counters() const override { return engine_.counters(); }

    /// As Ch32v208Engine::select().
    void select(SwitchPosition position, Ch32v208Engine::SelectCallback done);
    const std::optional<SwitchPosition>& position() const { return engine_.position(); }

private:
    Ch32v208Chip(EventLoop& loop, const Ch32v208Callbacks& callbacks);

    void write(std::span<const std::uint8_t> frame) override { line_->write(frame); }
    void receive(TimePoint now, std::span<const std::uint8_t> bytes) override {
        engine_.receive(now, bytes);
    }
    void advance(TimePoint now) override { engine_.advance(now); }
    std::optional<TimePoint> deadline() const override { return engine_.deadline(); }
    void line_lost(const Error& error) override;

    EventLoop& loop_;
    Ch32v208Callbacks callbacks_;
    Ch32v208Engine engine_;
    std::unique_ptr<ChipLine> line_;
};

}  // namespace minikvm
