// SPDX-License-Identifier: MIT
// Log lines with fields, in the way of the journal.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace minikvm::log {

enum class Level;
struct MessageId;

/// Whether a descriptor is the one that $JOURNAL_STREAM describes, "DEVICE:INODE"; false without
/// it. Source: systemd.exec(5).
bool is_journal(int fd, const char* stream);

/// The fields of one line, "NAME=value" each; those that have no value are left out.
/// Source: systemd.journal-fields(7).
std::vector<std::string> journal_fields(Level level, const MessageId& message,
                                        std::string_view stick_id, std::string_view line);

/// Whether the journal took them. Thread: any thread.
bool send_to_journal(const std::vector<std::string>& fields);

}  // namespace minikvm::log
