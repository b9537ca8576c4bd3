// SPDX-License-Identifier: MIT
// Unix sockets.

#include "common/unix_socket.h"

#include <endian.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdint>

namespace minikvm {
namespace {

constexpr int kBacklog = 16;

int type_flag(SocketType type) {
    return type == SocketType::Stream ? SOCK_STREAM : SOCK_SEQPACKET;
}

Result<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path)) {
        return errno_error(-ENAMETOOLONG, "socket " + path);
    }
    std::copy(path.begin(), path.end(), std::begin(address.sun_path));
    return address;
}

constexpr gid_t kNoId = static_cast<gid_t>(ACL_UNDEFINED_ID);

posix_acl_xattr_entry acl_entry(unsigned tag, unsigned permissions, gid_t id = kNoId) {
    return {htole16(static_cast<std::uint16_t>(tag)),
            htole16(static_cast<std::uint16_t>(permissions)), htole32(id)};
}

const sockaddr* as_sockaddr(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

}  // namespace

Result<UniqueFd> listen_unix(const std::string& path, SocketType type, mode_t mode) {
    const sockaddr_un address = MINIKVM_TRY(address_of(path));
    UniqueFd fd(::socket(AF_UNIX, type_flag(type) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) {
        return errno_error("socket " + path);
    }
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return errno_error("replace " + path);
    }
    // The mode of the node is settled before anybody can connect, which takes listen().
    if (::bind(fd.get(), as_sockaddr(address), sizeof(address)) != 0 ||
        ::chmod(path.c_str(), mode) != 0 || ::listen(fd.get(), kBacklog) != 0) {
        return errno_error("listen on " + path);
    }
    return fd;
}

Result<UniqueFd> connect_unix(const std::string& path, SocketType type) {
    const sockaddr_un address = MINIKVM_TRY(address_of(path));
    UniqueFd fd(::socket(AF_UNIX, type_flag(type) | SOCK_CLOEXEC, 0));
    if (!fd || ::connect(fd.get(), as_sockaddr(address), sizeof(address)) != 0) {
        return errno_error("connect to " + path);
    }
    return fd;
}

Result<UniqueFd> accept_unix(int listener) {
    UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) {
        return errno_error("accept a connection");
    }
    return fd;
}

Result<PeerCredentials> peer_credentials(int socket) {
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return errno_error("read the peer's credentials");
    }
    return PeerCredentials{credentials.pid, credentials.uid, credentials.gid};
}

Result<std::vector<gid_t>> peer_groups(int socket) {
    std::vector<gid_t> groups(NGROUPS_MAX);
    auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) {
        return errno_error("read the peer's groups");
    }
    groups.resize(size / sizeof(gid_t));
    return groups;
}

Result<void> let_group_connect(const std::string& path, gid_t group) {
    constexpr unsigned kReadWrite = ACL_READ | ACL_WRITE;
    // In the kernel's own form (linux/posix_acl_xattr.h), which is five entries in the order of
    // their tags; libacl would be a library more for that.
    struct {
        posix_acl_xattr_header header;
        std::array<posix_acl_xattr_entry, 5> entries;
    } const acl = {{htole32(POSIX_ACL_XATTR_VERSION)},
                   {acl_entry(ACL_USER_OBJ, kReadWrite), acl_entry(ACL_GROUP_OBJ, kReadWrite),
                    acl_entry(ACL_GROUP, kReadWrite, group), acl_entry(ACL_MASK, kReadWrite),
                    acl_entry(ACL_OTHER, 0)}};
    if (::setxattr(path.c_str(), "system.posix_acl_access", &acl, sizeof(acl), 0) != 0) {
        return errno_error("let one more group connect to " + path);
    }
    return {};
}

}  // namespace minikvm
