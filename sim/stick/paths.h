// SPDX-License-Identifier: MIT
// Where a running simulator's files are.

#pragma once

#include <string>

#include <fmt/format.h>

namespace minikvm::sim {

inline constexpr const char* kRunFolder = "/run/minikvm-sim";

inline std::string control_path(unsigned stick) {
    return fmt::format("{}/{}.ctl", kRunFolder, stick);
}
inline std::string recorder_path(unsigned stick) {
    return fmt::format("{}/{}.jsonl", kRunFolder, stick);
}
inline std::string trace_path(unsigned stick) {
    return fmt::format("{}/{}.lines.jsonl", kRunFolder, stick);
}

}  // namespace minikvm::sim
