// SPDX-License-Identifier: MIT
// SCM_RIGHTS.

#include "common/descriptor_passing.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

namespace minikvm {
namespace {

// More than anybody of ours sends at once; the kernel closes what there is no room for.
constexpr std::size_t kMostDescriptors = 16;

template <std::size_t kCount>
struct DescriptorRoom {
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(kCount * sizeof(int))> bytes{};
};

void take_descriptors(const cmsghdr& header, std::vector<UniqueFd>& descriptors) {
    const std::size_t count = (header.cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t index = 0; index < count; ++index) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(&header) + index * sizeof(int), sizeof(int));
        descriptors.emplace_back(fd);
    }
}

}  // namespace

Result<std::size_t> send_with_descriptor(int socket, std::string_view bytes, int fd) {
    DescriptorRoom<1> room;
    // sendmsg(2) only reads it.
    iovec content{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    message.msg_control = room.bytes.data();
    message.msg_controllen = room.bytes.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &fd, sizeof(int));
    const ssize_t count = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    if (count < 0) {
        return errno_error("send a descriptor");
    }
    return static_cast<std::size_t>(count);
}

Result<std::size_t> receive_with_descriptors(int socket, std::span<char> room,
                                             std::vector<UniqueFd>& descriptors) {
    DescriptorRoom<kMostDescriptors> control;
    iovec content{room.data(), room.size()};
    msghdr message{};
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    const ssize_t count = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (count < 0) {
        return errno_error("receive from a socket");
    }
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
            take_descriptors(*header, descriptors);
        }
    }
    return static_cast<std::size_t>(count);
}

Result<std::size_t> unread_bytes(int socket) {
    int count = 0;
    if (::ioctl(socket, SIOCOUTQ, &count) != 0) {
        return errno_error("ask what the peer has not read");
    }
    return static_cast<std::size_t>(count);
}

}  // namespace minikvm
