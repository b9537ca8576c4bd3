// SPDX-License-Identifier: MIT
// Going to the background only once the work has begun.

#pragma once

#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm {

/// Shape:   begin() forks and returns in the child alone, which still has the terminal. The parent
///          waits: it exits with 0 after the child's finish(), or with the child's own status if
///          that ends before.
/// Errors:  what pipe2(2) and fork(2) give; finish: what opening /dev/null gives.
/// Thread:  the only one of the process.
class Background final {
public:
    static Result<Background> begin();

    /// Leaves the terminal, the session and the directory, and lets the parent exit.
    Result<void> finish();

private:
    explicit Background(UniqueFd parent) : parent_(std::move(parent)) {}

    UniqueFd parent_;  // a byte says that the work has begun
};

}  // namespace minikvm
