// SPDX-License-Identifier: MIT
// The parameter block that a CH9329 keeps over power cycles.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/result.h"
#include "protocol/ch9329_frame.h"

namespace minikvm::ch9329 {

inline constexpr std::size_t kParameterBytes = 50;

/// What the chip is for the target; docs/hardware.md 5.5.
enum class WorkingMode : std::uint8_t {
    KeyboardMouseCustom = 0x00,
    KeyboardOnly = 0x01,
    KeyboardMouse = 0x02,
    CustomOnly = 0x03,
};

/// Shape:   parse() the answer to get_parameters(), change what is needed, send set_parameters().
///          What is not changed, reserved bytes included, is written back as it was read.
/// Limits:  new parameters count from the next reset or power cycle.
/// Thread:  any thread.
/// Source:  docs/hardware.md 5.5 (WCH CH9329 serial protocol V1.x, CMD_GET_PARA_CFG).
class Parameters {
public:
    /// Errors:  as ch9329_commands.h has them; BadReply also for modes that do not exist, since
    ///          some boards answer garbage. Longer blocks of newer dies are cut to kParameterBytes.
    static Result<Parameters> parse(const Frame& frame);

    /// Selected by software, or by the chip's pins (then set_working_mode() overrides them).
    WorkingMode working_mode() const;
    bool mode_by_pins() const;
    std::uint8_t serial_mode() const;  // 00 frames, 01 ASCII, 02 transparent; 80..82 by the pins
    std::uint8_t address() const;
    std::uint32_t speed_bd() const;
    std::chrono::milliseconds packet_interval() const;  // a longer gap ends a frame
    std::uint16_t vendor_id() const;
    std::uint16_t product_id() const;

    void set_working_mode(WorkingMode mode);
    void set_speed(std::uint32_t speed_bd);
    /// Serial mode 00: frames, whatever the pins say.
    void set_serial_mode_by_frames();

    std::span<const std::uint8_t, kParameterBytes> bytes() const { return bytes_; }
    bool operator==(const Parameters&) const = default;

private:
    Parameters() = default;

    std::array<std::uint8_t, kParameterBytes> bytes_{};
};

Frame set_parameters(const Parameters& parameters);

}  // namespace minikvm::ch9329
