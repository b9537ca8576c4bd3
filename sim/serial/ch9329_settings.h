// SPDX-License-Identifier: MIT
// What a CH9329 keeps without power: its parameter block, its USB strings.

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "sim/serial/ch9329_options.h"

namespace minikvm::sim {

inline constexpr std::size_t kParameterBytes = 50;
inline constexpr std::size_t kMaxStringBytes = 23;

enum class WorkingMode : std::uint8_t {
    KeyboardMouseCustom = 0,
    Keyboard = 1,
    KeyboardMouse = 2,
    Custom = 3,
};

/// The bytes are kept as they came; the accessors read those the chip acts on.
/// Source: hardware.md 5.5.
class Ch9329Settings final {
public:
    /// As on the Mini-KVM's board, whose pins say mode 82.
    static Ch9329Settings factory();

    /// As the vendor's app leaves it: the real answer in hardware.md 5.5.
    static Ch9329Settings vendor_app();

    /// Whether SET_PARA takes the block.
    static bool acceptable(std::span<const std::uint8_t, kParameterBytes> block,
                           const Ch9329Options& options);

    WorkingMode working_mode() const;
    std::uint8_t address() const { return block_[2]; }
    unsigned speed_bd() const;
    std::chrono::milliseconds packet_interval() const;

    const std::array<std::uint8_t, kParameterBytes>& block() const { return block_; }
    void set_block(std::span<const std::uint8_t, kParameterBytes> block);

    /// Vendor, product, serial number. Empty from the factory: its strings are not documented.
    const std::string& usb_string(std::size_t index) const { return strings_.at(index); }
    void set_usb_string(std::size_t index, std::string text) {
        strings_.at(index) = std::move(text);
    }

private:
    std::array<std::uint8_t, kParameterBytes> block_{};
    std::array<std::string, 3> strings_;
};

}  // namespace minikvm::sim
