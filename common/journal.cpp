// SPDX-License-Identifier: MIT
// sd_journal_sendv(3), and when to use it.

#include "common/journal.h"

// Without the names of the file and the function that sent a line, which nobody looks for.
#define SD_JOURNAL_SUPPRESS_LOCATION

#include <errno.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>

#include <fmt/format.h>

#include "common/log.h"

namespace minikvm::log {

bool is_journal(int fd, const char* stream) {
    struct stat status {};
    if (stream == nullptr || ::fstat(fd, &status) < 0) {
        return false;
    }
    return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

std::vector<std::string> journal_fields(Level level, const MessageId& message,
                                        std::string_view stick_id, std::string_view line) {
    std::vector<std::string> fields = {
        fmt::format("MESSAGE={}", line),
        fmt::format("PRIORITY={}", static_cast<int>(level)),
        fmt::format("SYSLOG_IDENTIFIER={}", program_invocation_short_name),
    };
    if (!message.id128.empty()) {
        fields.push_back(fmt::format("MESSAGE_ID={}", message.id128));
    }
    if (!stick_id.empty()) {
        fields.push_back(fmt::format("MINIKVM_ID={}", stick_id));
    }
    return fields;
}

bool send_to_journal(const std::vector<std::string>& fields) {
    std::vector<iovec> parts;
    for (const std::string& field : fields) {
        // It only reads them; its C interface has no const.
        parts.push_back({const_cast<char*>(field.data()), field.size()});
    }
    return ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

}  // namespace minikvm::log
