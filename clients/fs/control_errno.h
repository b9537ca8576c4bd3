// SPDX-License-Identifier: MIT
// What a system call fails with when the control socket refuses.

#pragma once

#include "common/result.h"

namespace minikvm {

/// The errno of a ControlError, such as EINVAL for BadValue; that of the kernel for its own errors;
/// EIO for the rest. Always positive.
int errno_for(const Error& error);

}  // namespace minikvm
