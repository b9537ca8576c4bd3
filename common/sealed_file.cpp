// SPDX-License-Identifier: MIT
// Files in memory that can be handed to another process, and changed by nobody.

#include "common/sealed_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace minikvm {
namespace {

// MFD_NOEXEC_SEAL of linux/memfd.h since 6.3, which Debian 12's headers have not. Later kernels
// complain in their log of a file in memory that may be executed; earlier ones do not know the
// flag.
constexpr unsigned kNoExecutionSeal = 0x0008;

UniqueFd create(const char* name) {
    constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    UniqueFd fd(::memfd_create(name, kFlags | kNoExecutionSeal));
    if (!fd && errno == EINVAL) {
        fd.reset(::memfd_create(name, kFlags));
    }
    return fd;
}

}  // namespace

Result<UniqueFd> make_sealed_file(const char* name, std::span<const std::uint8_t> bytes) {
    UniqueFd fd = create(name);
    if (!fd) {
        return errno_error("make a file in memory");
    }
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd.get(), bytes.data(), bytes.size());
        if (count < 0) {
            return errno_error("fill a file in memory");
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) !=
        0) {
        return errno_error("seal a file in memory");
    }
    return fd;
}

}  // namespace minikvm
