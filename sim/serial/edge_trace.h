// SPDX-License-Identifier: MIT
// EdgeTrace: the file that the edges of DTR and RTS go into.

#pragma once

#include <optional>
#include <string>

#include "common/result.h"
#include "sim/serial/json_lines.h"
#include "sim/serial/modem_lines.h"

namespace minikvm::sim {

/// Errors:  open() gives what opening the file gives; a line that could not be written is logged,
///          once until one can again.
/// Thread:  the thread that made it.
class EdgeTrace final {
public:
    /// An empty path: edges go nowhere.
    static Result<EdgeTrace> open(const std::string& path);

    void append(const ModemEdge& edge);

private:
    explicit EdgeTrace(std::optional<JsonLines> lines) : lines_(std::move(lines)) {}

    std::optional<JsonLines> lines_;
    bool broken_ = false;
};

}  // namespace minikvm::sim
