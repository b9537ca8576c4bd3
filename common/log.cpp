// SPDX-License-Identifier: MIT
// The log, to stderr.

#include "common/log.h"

#include <unistd.h>

#include <atomic>

namespace minikvm::log {
namespace {

// The one global of the project: what the whole process writes of its log.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<Level> threshold{Level::Info};

}  // namespace

void set_threshold(Level level) {
    threshold.store(level, std::memory_order_relaxed);
}

bool enabled(Level level) {
    return level <= threshold.load(std::memory_order_relaxed);
}

void write_line(Level level, std::string_view line) {
    // One write() a line: lines of several threads never mix, and no lock is needed.
    const std::string text = fmt::format("<{}>{}\n", static_cast<int>(level), line);
    // Where the log cannot be written there is nowhere to say so.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace minikvm::log
