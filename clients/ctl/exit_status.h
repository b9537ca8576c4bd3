// SPDX-License-Identifier: MIT
// What minikvmctl exits with.

#pragma once

#include "common/result.h"

namespace minikvm {

/// The exit statuses of minikvmctl, as its man page lists them.
enum class ExitStatus {
    Done = 0,
    Failed = 1,
    Usage = 2,  // also: no such attribute, or not a value that it takes
    NoSuchStick = 3,
    NotAllowed = 4,
    NotVerified = 5,  // what was asked for was not seen to happen
};

/// What an error makes the process exit with.
ExitStatus status_for(const Error& error);

/// Says on standard error what went wrong, and what the process shall exit with for it.
ExitStatus complain(const Error& error);

}  // namespace minikvm
