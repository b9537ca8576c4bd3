// SPDX-License-Identifier: MIT
// Interruption: Ctrl-C as something to wait for, instead of something that strikes anywhere.

#pragma once

#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm {

/// Shape:   from create() on SIGINT, SIGTERM and SIGHUP end nothing; fd() can be read once one
/// came. Thread:  main, before others start.
class Interruption final {
public:
    static Result<Interruption> create();

    int fd() const { return signals_.get(); }

private:
    explicit Interruption(UniqueFd signals) : signals_(std::move(signals)) {}

    UniqueFd signals_;
};

}  // namespace minikvm
