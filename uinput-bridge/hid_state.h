// SPDX-License-Identifier: MIT
// HidState: what a target's input devices hold, as the reports that say so.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "device/hid_sink.h"
#include "uinput-bridge/target_key.h"

namespace minikvm {

enum class Stroke : std::uint8_t { Release, Press };

/// The reports that a target tells apart.
enum class ReportKind : std::uint8_t { Keyboard, Consumer, System, RelativeMouse, AbsoluteMouse };
inline constexpr std::size_t kReportKinds = 5;

ReportKind report_kind(TargetKey key);

/// A place on the target's screen, 0..hid::kAbsoluteMax on either axis.
struct Point {
    std::uint16_t x = 0;
    std::uint16_t y = 0;

    bool operator==(const Point&) const = default;
};

/// Shape:   apply() strokes one at a time, then ask for the report that holds them.
/// Limits:  six keys besides modifiers: a seventh takes the place of the oldest, which counts as
///          released from then on and does not come back by itself.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.3; 7 for the six keys.
class HidState final {
public:
    /// Whether the key's report is another one now.
    bool apply(TargetKey key, Stroke stroke);

    /// Where the absolute mouse is; every report of it says so.
    void move_to(Point point) { point_ = point; }
    const std::optional<Point>& point() const { return point_; }

    /// Nothing is down; the pointer stays where it is.
    void release_everything();
    /// The same for media and system keys alone, which are events rather than state.
    void release_events();

    /// Whether anything of that report is down.
    bool holds(ReportKind kind) const;

    /// The state without motion. For the absolute mouse, point() must be known.
    HidReport report(ReportKind kind) const;

private:
    hid::KeyboardReport keyboard_;  // keys oldest first
    std::size_t keys_down_ = 0;
    std::uint32_t consumer_ = 0;
    std::uint8_t system_ = 0;
    std::uint8_t relative_buttons_ = 0;
    std::uint8_t absolute_buttons_ = 0;
    std::optional<Point> point_;

    bool press_key(std::uint8_t usage);
    bool release_key(std::uint8_t usage);
};

}  // namespace minikvm
