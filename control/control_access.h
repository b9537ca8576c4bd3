// SPDX-License-Identifier: MIT
// Who may do what on a control socket.

#pragma once

#include <sys/types.h>

#include <optional>
#include <vector>

#include "common/unix_socket.h"

namespace minikvm {

enum class ClientClass {
    Full,      // get, ls, watch, set
    ReadOnly,  // get, ls, watch
    Nobody,    // not even connected
};

/// Whose the socket is. The socket's own permissions keep the others out already; this tells those
/// apart who may connect.
struct ControlAccess {
    uid_t owner = 0;  // may do everything, as root may
    gid_t group = 0;  // so may its members
    std::optional<gid_t> read_only_group;

    /// The process's own user and group.
    static ControlAccess of_this_process();
};

/// `groups` are the supplementary ones. Who is in both groups has the greater rights.
ClientClass class_of(const PeerCredentials& peer, const std::vector<gid_t>& groups,
                     const ControlAccess& access);

/// The class of who is at the other end, as of when they connected.
/// Errors: what getsockopt(2) gives.
Result<ClientClass> class_of_peer(int socket, const ControlAccess& access);

}  // namespace minikvm
