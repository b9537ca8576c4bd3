// SPDX-License-Identifier: MIT
// The error of a Result, for tests that expect one.

#pragma once

#include <system_error>

#include "common/result.h"

namespace minikvm {

/// The code of the error, no error for a value: a test that expected one then says so.
template <typename T>
std::error_code error_of(const Result<T>& result) {
    return result ? std::error_code() : result.error().code;
}

}  // namespace minikvm
