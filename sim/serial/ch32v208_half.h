// SPDX-License-Identifier: MIT
// Ch32v208Half: the CH32V208 and its target in real time, behind whatever plugs it into a host.

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
#include "sim/serial/ch32v208_model.h"
#include "sim/serial/input_half.h"
#include "sim/serial/json_lines.h"
#include "sim/serial/target_recorder.h"

namespace minikvm::sim {

/// Shape:   lives as long as the virtual stick, plugged or not: the chip is fed by the target too.
///          Ch32v208Device takes the upper group of functions, the control command the lower one.
/// Errors:  create() gives what opening the recorder's file gives; an empty path records nothing.
/// Thread:  the thread that made it; on_progress is called there.
class Ch32v208Half final : public InputHalf {
public:
    static Result<std::unique_ptr<Ch32v208Half>> create(EventLoop& loop,
                                                        const Ch32v208Options& options,
                                                        const std::string& recorder_path);

    /// Called when bytes may have come from the chip. One callback only.
    void on_progress(std::function<void()> callback) { progress_ = std::move(callback); }
    void send(std::span<const std::uint8_t> bytes);
    std::size_t received() const { return chip_.sent(); }
    std::vector<std::uint8_t> take_received(std::size_t most) { return chip_.take_sent(most); }
    void plug();
    void unplug();

    const TargetRecorder& target() const override { return target_; }
    void set_target(TargetState state) override;
    void set_leds(std::uint8_t leds) override;
    void add_fault(const AnswerFault& fault) override { chip_.add_fault(fault); }
    void clear_faults() override { chip_.clear_faults(); }
    void add_noise_to_chip(std::span<const std::uint8_t> bytes) override;
    void add_noise_to_bridge(std::span<const std::uint8_t> bytes) override;
    Result<std::string> chip_command(std::span<const std::string> words) override;

    Ch32v208Model& chip() { return chip_; }
    const Ch32v208Model& chip() const { return chip_; }

private:
    Ch32v208Half(std::optional<JsonLines> lines, const Ch32v208Options& options);
    void run();
    void go_on();

    std::optional<JsonLines> lines_;
    bool lines_broken_ = false;
    TargetRecorder target_;
    Ch32v208Model chip_;
    std::function<void()> progress_;
    Timer timer_;
};

}  // namespace minikvm::sim
