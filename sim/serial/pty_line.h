// SPDX-License-Identifier: MIT
// PtyLine: the simulated CH9329 on a pseudo terminal, for hosts without the ch341 driver.

#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "sim/serial/serial_half.h"

namespace minikvm::sim {

/// Shape:   whoever opens node() talks to the chip at the speed set on it, as slowly as over the
///          real line.
/// Errors:  create() gives what making a pseudo terminal gives.
/// Limits:  a pseudo terminal has no DTR or RTS: their ioctls fail with ENOTTY.
/// Thread:  the thread that made it.
class PtyLine final {
public:
    /// `half` must outlive the line, which takes its on_progress().
    static Result<std::unique_ptr<PtyLine>> create(EventLoop& loop, SerialHalf& half);

    PtyLine(const PtyLine&) = delete;
    PtyLine& operator=(const PtyLine&) = delete;
    ~PtyLine();

    const std::string& node() const { return node_; }

private:
    PtyLine(SerialHalf& half, UniqueFd line, UniqueFd kept_open, std::string node)
        : half_(half),
          line_(std::move(line)),
          kept_open_(std::move(kept_open)),
          node_(std::move(node)) {}
    void read();
    void move_bytes();

    SerialHalf& half_;
    UniqueFd line_;
    UniqueFd kept_open_;  // the node itself: without an opener, the line would hang up
    std::string node_;
    Watch watch_;  // before line_ in destruction
};

/// `minikvm-sim serial`: offers the chip on a pseudo terminal, prints the node's path, runs until
/// the loop is stopped. Errors: what creating and running give.
Result<void> run_pty_line(EventLoop& loop, const SerialOptions& options);

}  // namespace minikvm::sim
