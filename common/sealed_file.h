// SPDX-License-Identifier: MIT
// Files in memory that can be handed to another process, and changed by nobody.

#pragma once

#include <cstdint>
#include <span>

#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm {

/// A file in memory with these bytes, sealed: nobody can write to it, nor make it longer or
/// shorter, so that whoever maps it sees always the same. Close-on-exec. `name` is what /proc
/// shows. Errors:  what memfd_create(2) and write(2) give.
Result<UniqueFd> make_sealed_file(const char* name, std::span<const std::uint8_t> bytes);

}  // namespace minikvm
