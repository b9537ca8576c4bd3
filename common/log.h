// SPDX-License-Identifier: MIT
// The log: one line an event, to the journal with fields, or to any other stderr with a priority
// prefix.

#pragma once

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace minikvm::log {

/// syslog's numbers, which the journal reads from the "<N>" prefix.
enum class Level { Error = 3, Warning = 4, Notice = 5, Info = 6, Debug = 7 };

/// What a line says, whatever its words: 32 hexadecimal digits, from `systemd-id128 new`. Each has
/// a text in data/minikvm.catalog, which `journalctl --catalog` shows under the line.
struct MessageId {
    std::string_view id128;
};

/// Lines less important than this are not written. Thread: before other threads start.
void set_threshold(Level level);
bool enabled(Level level);

/// The stick that all lines of this process are about: the journal's field MINIKVM_ID.
/// Limits: 63 bytes. Thread: before other threads start.
void set_stick(std::string_view id);

/// Writes one line. When something is wrong, its first word says whose fault it is: "bug:",
/// "device:", "kernel:" or "client:". Never what was typed, at any level. Thread: any thread.
void write_line(Level level, const MessageId& message, std::string_view line);

template <typename... Args>
void write(Level level, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(level)) {
        write_line(level, MessageId(), fmt::format(format, std::forward<Args>(args)...));
    }
}

template <typename... Args>
void write(Level level, const MessageId& message, fmt::format_string<Args...> format,
           Args&&... args) {
    if (enabled(level)) {
        write_line(level, message, fmt::format(format, std::forward<Args>(args)...));
    }
}

template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
    write(Level::Error, format, std::forward<Args>(args)...);
}

template <typename... Args>
void error(const MessageId& message, fmt::format_string<Args...> format, Args&&... args) {
    write(Level::Error, message, format, std::forward<Args>(args)...);
}

template <typename... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
    write(Level::Warning, format, std::forward<Args>(args)...);
}

template <typename... Args>
void warning(const MessageId& message, fmt::format_string<Args...> format, Args&&... args) {
    write(Level::Warning, message, format, std::forward<Args>(args)...);
}

template <typename... Args>
void notice(fmt::format_string<Args...> format, Args&&... args) {
    write(Level::Notice, format, std::forward<Args>(args)...);
}

template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
    write(Level::Info, format, std::forward<Args>(args)...);
}

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
    write(Level::Debug, format, std::forward<Args>(args)...);
}

}  // namespace minikvm::log
