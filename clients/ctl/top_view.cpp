// SPDX-License-Identifier: MIT
// Rates and their past.

#include "clients/ctl/top_view.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace minikvm {
namespace {

// What should not happen, video and input together.
constexpr std::array<std::string_view, 5> kMishaps = {
    "video/dropped", "video/broken", "input/errors", "input/retries", "input/unconfirmed"};

// The height of a graph whose values stay small: below it, small things look small.
constexpr double kFullFrames = 30;
constexpr double kFullLatencyMs = 10;
constexpr double kFullViewers = 4;
constexpr double kFullReports = 50;
constexpr double kFullMishaps = 4;

constexpr double kMicrosecondsPerMillisecond = 1000;
constexpr std::size_t kLabelColumns = 10;
constexpr std::size_t kFigureColumns = 34;
constexpr std::size_t kFewestGraphColumns = 8;

double milliseconds(const StickValues& values, std::string_view name) {
    return static_cast<double>(values.number(name).value_or(0)) / kMicrosecondsPerMillisecond;
}

}  // namespace

TopView::TopView(std::string stick_id, const StickValues& now, TimePoint time)
    : stick_id_(std::move(stick_id)), values_(now) {
    count(time);
}

std::uint64_t TopView::mishaps() const {
    std::uint64_t sum = 0;
    for (const std::string_view name : kMishaps) {
        sum += values_.number(name).value_or(0);
    }
    return sum;
}

void TopView::count(TimePoint time) {
    frames_.count(values_.number("video/frames").value_or(0), time);
    reports_.count(values_.number("input/reports").value_or(0), time);
    mishaps_.count(mishaps(), time);
}

void TopView::take(const std::string& name, const std::string& value, TimePoint time) {
    values_.set(name, value);
    if (name == "video/frames") {
        frames_.count(values_.number(name).value_or(0), time);
    } else if (name == "input/reports") {
        reports_.count(values_.number(name).value_or(0), time);
    } else if (std::ranges::find(kMishaps, name) != kMishaps.end()) {
        mishaps_.count(mishaps(), time);
    }
}

void TopView::tick(TimePoint time) {
    const std::array<double, kRows> now = {
        frames_.per_second(time), milliseconds(values_, "video/latency_p50_us"),
        static_cast<double>(values_.number("video/viewers").value_or(0)), reports_.per_second(time),
        mishaps_.per_second(time)};
    for (std::size_t row = 0; row < kRows; ++row) {
        history_[row].push_back(now[row]);
        if (history_[row].size() > kHistory) {
            history_[row].pop_front();
        }
    }
}

std::string TopView::graph(const TextStyle& style, std::size_t columns, Row row,
                           double full) const {
    const std::size_t taken = kLabelColumns + kFigureColumns;
    const std::size_t width = std::max(columns, taken + kFewestGraphColumns) - taken;
    const Bars bars = style.line_drawing() ? Bars::Blocks : Bars::Ascii;
    const Tone tone = row == Mishaps ? Tone::Bad : Tone::Good;
    return style.in(tone, bar_graph(history_[row], full, width, bars));
}

std::string TopView::draw(const TextStyle& style, std::size_t columns) const {
    const std::string name = values_.text("name");
    const std::string state = values_.text("state");
    std::string text = fmt::format(
        "{}  {}  {}\n", style.in(Tone::Strong, name == stick_id_ ? name : stick_id_ + " " + name),
        style.in(state == "ready" ? Tone::Good : Tone::Bad, state), values_.text("hdmi/mode"));
    const auto row = [&](std::string_view label, Row which, double full,
                         const std::string& figure) {
        text += fmt::format(" {:<9}{} {}\n", label, graph(style, columns, which, full), figure);
    };
    row("frames", Frames, kFullFrames, fmt::format("{:.1f}/s", now(Frames)));
    row("latency", Latency, kFullLatencyMs,
        fmt::format("{:.1f} ms, 99 of 100 in {:.1f} ms", now(Latency),
                    milliseconds(values_, "video/latency_p99_us")));
    row("viewers", Viewers, kFullViewers, values_.text("video/viewers"));
    row("reports", Reports, kFullReports,
        fmt::format("{:.1f}/s in {:.1f} ms, {} in all", now(Reports),
                    milliseconds(values_, "input/latency_p50_us"), values_.text("input/reports")));
    row("mishaps", Mishaps, kFullMishaps,
        fmt::format("{:.1f}/s, {} in all", now(Mishaps), mishaps()));
    return text + fmt::format(" target {}, {} held, USB-A {}, power {}\n",
                              values_.text("input/target"), values_.text("input/held"),
                              values_.text("usb/switch"), values_.text("usb/power"));
}

}  // namespace minikvm
