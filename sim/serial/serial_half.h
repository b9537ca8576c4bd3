// SPDX-License-Identifier: MIT
// SerialHalf: what hangs on the serial bridge, in real time: the line, the CH9329, the target.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "sim/serial/ch9329_options.h"
#include "sim/serial/input_half.h"
#include "sim/serial/json_lines.h"
#include "sim/serial/serial_link.h"
#include "sim/serial/target_recorder.h"

namespace minikvm::sim {

struct SerialOptions {
    Ch9329Options chip;
    std::string recorder_path;  // empty: the target's lines are dropped
};

/// Shape:   lives as long as the virtual stick, plugged or not: the chip is fed by the target too.
///          A bridge (Ch340Device or PtyLine) takes the upper group of functions, the control
///          command the lower one.
/// Errors:  create() gives what opening the recorder's file gives.
/// Thread:  the thread that made it; on_progress is called there.
class SerialHalf final : public InputHalf {
public:
    static Result<std::unique_ptr<SerialHalf>> create(EventLoop& loop,
                                                      const SerialOptions& options);

    /// Called when bytes may have come from the chip, or room on the line to it. One callback only.
    void on_progress(std::function<void()> callback) { progress_ = std::move(callback); }

    void set_speed(unsigned speed_bd);
    void send(std::span<const std::uint8_t> bytes);
    std::size_t pending_to_chip() const { return link_.pending_to_chip(); }
    std::size_t received() const { return bridge_wedged_ ? 0 : link_.received(); }
    std::vector<std::uint8_t> take_received(std::size_t most) { return link_.take_received(most); }
    void set_def(DefLevel level);
    void restore_factory();
    void set_wedge(Wedge wedge);
    void plug();    // also what a USB reset comes to
    void unplug();  // the host's side: DEF goes up, bytes on the wires are lost

    void set_target(TargetState state) override;
    void set_leds(std::uint8_t leds) override;
    void add_fault(const AnswerFault& fault) override { link_.chip().add_fault(fault); }
    void clear_faults() override { link_.chip().clear_faults(); }
    void add_noise_to_chip(std::span<const std::uint8_t> bytes) override;
    void add_noise_to_bridge(std::span<const std::uint8_t> bytes) override;
    Result<std::string> chip_command(std::span<const std::string> words) override;
    Ch9329Options& chip_options() { return link_.chip().options(); }

    const TargetRecorder& target() const override { return target_; }
    const Ch9329Model& chip() const { return link_.chip(); }
    unsigned line_speed_bd() const { return link_.speed_bd(); }

private:
    SerialHalf(std::optional<JsonLines> lines, const Ch9329Options& options);
    void write_line(const std::string& line);
    void run();
    void rearm(TimePoint now);

    std::optional<JsonLines> lines_;
    bool lines_broken_ = false;
    TargetRecorder target_;
    SerialLink link_;
    bool bridge_wedged_ = false;
    std::function<void()> progress_;
    Timer timer_;
};

}  // namespace minikvm::sim
