// SPDX-License-Identifier: MIT
// Another program's output.

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace minikvm {

/// Runs a program, found in PATH, with /dev/null as its standard input and error.
///
/// Errors:  nothing when it cannot be run, or does not end well.
/// Limits:  it is killed after 20 s; of its output the first 8 MiB are kept.
/// Thread:  any thread.
std::optional<std::string> output_of(const std::vector<std::string>& words);

}  // namespace minikvm
