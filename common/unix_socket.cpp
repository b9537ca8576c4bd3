// SPDX-License-Identifier: MIT
// Unix sockets.

#include "common/unix_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>

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

}  // namespace minikvm
