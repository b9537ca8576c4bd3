// SPDX-License-Identifier: MIT
// Descriptors that go from one process to another with the bytes of a Unix socket.

#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm {

/// Sends `bytes`, which are not empty, on a stream, and a descriptor that arrives with the first of
/// them; how many were taken. The caller keeps its own. Errors: what sendmsg(2) gives.
Result<std::size_t> send_with_descriptor(int socket, std::string_view bytes, int fd);

/// Receives once, as recv(2) does; how many bytes came. Descriptors that came with them, which are
/// close-on-exec, are put behind `descriptors`. Errors: what recvmsg(2) gives.
Result<std::size_t> receive_with_descriptors(int socket, std::span<char> room,
                                             std::vector<UniqueFd>& descriptors);

/// How much memory holds what was sent on a stream and the other end has not taken yet, with the
/// kernel's own; 0 when all was taken. Errors: what ioctl(2) gives.
Result<std::size_t> unread_bytes(int socket);

}  // namespace minikvm
