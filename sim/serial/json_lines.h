// SPDX-License-Identifier: MIT
// JsonLines: a file that grows by whole lines.

#pragma once

#include <string>

#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm::sim {

/// Shape:   append-only; each line is one write(2), so a reader never sees half of one.
/// Errors:  what open(2) and write(2) give; ENOSPC for a line that did not fit whole.
/// Thread:  the thread that made it.
class JsonLines final {
public:
    /// Creates the file, readable by all, or continues it.
    static Result<JsonLines> open(const std::string& path);

    Result<void> append(const std::string& line);

private:
    explicit JsonLines(UniqueFd fd, std::string path)
        : fd_(std::move(fd)), path_(std::move(path)) {}

    UniqueFd fd_;
    std::string path_;
};

}  // namespace minikvm::sim
