// SPDX-License-Identifier: MIT
// InputLoad: a program that presses keys and moves the mouse at given moments, and remembers when.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/unique_fd.h"
#include "protocol/hid_report.h"
#include "tests/bench/chip_on_pty.h"

namespace minikvm {

struct LoadOptions {
    std::chrono::nanoseconds duration{};
    std::chrono::nanoseconds key_interval{};   // from press to press; 0: no keys
    std::chrono::nanoseconds move_interval{};  // 0: no motion
};

inline constexpr int kMoveX = 3;
inline constexpr int kMoveY = -2;

/// A key event that was written, and what the keyboard report has to hold after it.
struct SentStroke {
    sim::TimePoint at;
    hid::HidUsage holds = hid::HidUsage::None;
};

struct Played {
    std::vector<SentStroke> strokes;
    std::size_t moves = 0;
    sim::TimePoint begin;
    sim::TimePoint end;
};

/// The two ends of a pipe that stands for an event node: one for a sender, one for a program.
struct EventPipe {
    static EventPipe make();

    UniqueFd read_end;  // does not block
    UniqueFd write_end;
};

/// Presses and releases letters in turn and moves the mouse, each at its moment. Blocks.
Played play(const LoadOptions& options, int keyboard, int mouse);

/// Types letters as fast as they are taken. Blocks.
Played type_letters(std::span<const std::uint16_t> codes, int keyboard);

/// So many letters, as evdev codes, each of them another one than the letter before.
std::vector<std::uint16_t> letters(std::size_t count);

hid::HidUsage usage_of(std::uint16_t code);

/// How long strokes took to the target.
struct Latencies {
    std::vector<double> milliseconds;
    std::size_t lost = 0;        // never came, though later ones did
    std::size_t unfinished = 0;  // had not come at the end; `milliseconds` has how long that was
};
Latencies latencies_of(std::span<const SentStroke> strokes, std::span<const Arrival> arrivals,
                       sim::TimePoint end);

/// The usages that were pressed, in their order.
std::vector<std::uint8_t> pressed_usages(std::span<const Arrival> arrivals);

/// How many of either are not in the longest common sequence of both.
std::size_t differences(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other);

}  // namespace minikvm
