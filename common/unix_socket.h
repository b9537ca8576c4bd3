// SPDX-License-Identifier: MIT
// Unix sockets: listening, connecting, and who is at the other end.

#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm {

enum class SocketType { Stream, SeqPacket };

/// A listening socket at `path`, replacing a dead one of that name, with permission bits `mode`.
/// Non-blocking, close-on-exec. Errors: what bind(2) gives; ENAMETOOLONG over 107 bytes.
Result<UniqueFd> listen_unix(const std::string& path, SocketType type, mode_t mode);

/// A connected socket, blocking, close-on-exec. Errors: ENOENT or ECONNREFUSED when nobody
/// listens, EACCES when the caller may not.
Result<UniqueFd> connect_unix(const std::string& path, SocketType type);

/// The next waiting connection, non-blocking, close-on-exec. Errors: EAGAIN when there is none.
Result<UniqueFd> accept_unix(int listener);

struct PeerCredentials {
    pid_t pid = 0;
    uid_t uid = 0;
    gid_t gid = 0;
};

/// Who connected, as the kernel recorded it at connect(2).
Result<PeerCredentials> peer_credentials(int socket);

/// The supplementary groups of who connected, recorded at the same time.
Result<std::vector<gid_t>> peer_groups(int socket);

/// Lets members of one more group connect to the socket at `path`, by an ACL such as
/// setfacl -m g:GROUP:rw would give it. Errors: what setxattr(2) gives; ENOTSUP where the file
/// system has no ACLs.
Result<void> let_group_connect(const std::string& path, gid_t group);

}  // namespace minikvm
