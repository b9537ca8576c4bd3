// SPDX-License-Identifier: MIT
// Numbers as a row of bars, one character each.

#pragma once

#include <cstddef>
#include <deque>
#include <string>

namespace minikvm {

/// How bars are drawn: with Unicode's eighths of a block, or with ASCII.
enum class Bars { Blocks, Ascii };

/// The newest `width` values, the newest one last, as bars of a height up to `full`; a larger value
/// makes that the height of all. Shorter histories are filled up with spaces on the left.
std::string bar_graph(const std::deque<double>& values, double full, std::size_t width, Bars bars);

}  // namespace minikvm
