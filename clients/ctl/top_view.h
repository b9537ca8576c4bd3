// SPDX-License-Identifier: MIT
// TopView: one stick as minikvmctl top shows it, without a terminal.

#pragma once

#include <array>
#include <deque>
#include <string>
#include <string_view>

#include "clients/ctl/bar_graph.h"
#include "clients/ctl/rate_meter.h"
#include "clients/ctl/stick_values.h"
#include "clients/ctl/text_style.h"

namespace minikvm {

/// Shape:   take() each value that a watch tells, tick() once a second, draw() after it.
/// Limits:  remembers kHistory ticks.
/// Thread:  the thread that made it.
class TopView final {
public:
    using TimePoint = RateMeter::TimePoint;

    static constexpr std::size_t kHistory = 300;

    TopView(std::string stick_id, const StickValues& now, TimePoint time);

    void take(const std::string& name, const std::string& value, TimePoint time);
    void tick(TimePoint time);

    /// Lines of at most `columns`, each with its LF.
    std::string draw(const TextStyle& style, std::size_t columns) const;

private:
    enum Row { Frames, Latency, Viewers, Reports, Mishaps, kRows };

    void count(TimePoint time);
    std::string graph(const TextStyle& style, std::size_t columns, Row row, double full) const;
    double now(Row row) const { return history_[row].empty() ? 0 : history_[row].back(); }
    std::uint64_t mishaps() const;

    std::string stick_id_;
    StickValues values_;
    RateMeter frames_;
    RateMeter reports_;
    RateMeter mishaps_;
    std::array<std::deque<double>, kRows> history_;
};

}  // namespace minikvm
