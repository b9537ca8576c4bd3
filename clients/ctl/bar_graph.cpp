// SPDX-License-Identifier: MIT
// Bars of eight heights.

#include "clients/ctl/bar_graph.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace minikvm {
namespace {

// Nothing, then an eighth to eight of them: U+2581 to U+2588.
constexpr std::array<std::string_view, 9> kBlocks = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 9> kAscii = {" ", "_", ".", ":", "-", "=", "+", "*", "#"};

std::size_t height_of(double value, double full) {
    constexpr std::size_t kHighest = kBlocks.size() - 1;
    if (value <= 0 || full <= 0) {
        return 0;
    }
    // Never nothing for something: one error in a quiet hour shall be seen.
    const double height = std::ceil(std::min(value / full, 1.0) * kHighest);
    return static_cast<std::size_t>(height);
}

}  // namespace

std::string bar_graph(const std::deque<double>& values, double full, std::size_t width, Bars bars) {
    const std::size_t shown = std::min(width, values.size());
    const auto first = values.end() - static_cast<std::ptrdiff_t>(shown);
    for (auto value = first; value != values.end(); ++value) {
        full = std::max(full, *value);
    }
    std::string graph(width - shown, ' ');
    for (auto value = first; value != values.end(); ++value) {
        graph += (bars == Bars::Blocks ? kBlocks : kAscii)[height_of(*value, full)];
    }
    return graph;
}

}  // namespace minikvm
