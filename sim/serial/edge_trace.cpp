// SPDX-License-Identifier: MIT

#include "sim/serial/edge_trace.h"

#include <utility>

#include "common/log.h"

namespace minikvm::sim {

Result<EdgeTrace> EdgeTrace::open(const std::string& path) {
    std::optional<JsonLines> lines;
    if (!path.empty()) {
        lines = MINIKVM_TRY(JsonLines::open(path));
    }
    return EdgeTrace(std::move(lines));
}

void EdgeTrace::append(const ModemEdge& edge) {
    if (!lines_) {
        return;
    }
    const Result<void> written = lines_->append(edge_line(edge));
    if (!written && !broken_) {
        log::error("kernel: DTR and RTS are not traced: {}", written.error().message());
    }
    broken_ = !written;
}

}  // namespace minikvm::sim
