// SPDX-License-Identifier: MIT
// The log, to the journal or to stderr.

#include "common/log.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "common/journal.h"

namespace minikvm::log {
namespace {

// The globals of the project: what the whole process writes of its log, and whom it is about.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<Level> threshold{Level::Info};
std::array<char, 64> stick{};
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

bool stderr_is_the_journal() {
    // Nobody changes the environment, and stderr stays what it was at the start.
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    static const bool is = is_journal(STDERR_FILENO, ::getenv("JOURNAL_STREAM"));
    return is;
}

}  // namespace

void set_threshold(Level level) {
    threshold.store(level, std::memory_order_relaxed);
}

bool enabled(Level level) {
    return level <= threshold.load(std::memory_order_relaxed);
}

void set_stick(std::string_view id) {
    stick.fill('\0');
    std::ranges::copy(id.substr(0, stick.size() - 1), stick.begin());
}

void write_line(Level level, const MessageId& message, std::string_view line) {
    if (stderr_is_the_journal() &&
        send_to_journal(journal_fields(level, message, stick.data(), line))) {
        return;
    }
    // One write() a line: lines of several threads never mix, and no lock is needed.
    const std::string text = fmt::format("<{}>{}\n", static_cast<int>(level), line);
    // Where the log cannot be written there is nowhere to say so.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace minikvm::log
