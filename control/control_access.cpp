// SPDX-License-Identifier: MIT
// Classes of clients, by user and groups.

#include "control/control_access.h"

#include <unistd.h>

#include <algorithm>

namespace minikvm {

ControlAccess ControlAccess::of_this_process() {
    return {.owner = ::geteuid(), .group = ::getegid(), .read_only_group = std::nullopt};
}

ClientClass class_of(const PeerCredentials& peer, const std::vector<gid_t>& groups,
                     const ControlAccess& access) {
    const auto is_member = [&](gid_t group) {
        return peer.gid == group || std::ranges::find(groups, group) != groups.end();
    };
    if (peer.uid == 0 || peer.uid == access.owner || is_member(access.group)) {
        return ClientClass::Full;
    }
    return access.read_only_group && is_member(*access.read_only_group) ? ClientClass::ReadOnly
                                                                        : ClientClass::Nobody;
}

Result<ClientClass> class_of_peer(int socket, const ControlAccess& access) {
    const PeerCredentials peer = MINIKVM_TRY(peer_credentials(socket));
    return class_of(peer, MINIKVM_TRY(peer_groups(socket)), access);
}

}  // namespace minikvm
