// SPDX-License-Identifier: MIT
// Whole small files.

#include "common/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "common/unique_fd.h"

namespace minikvm {
namespace {

constexpr std::size_t kMaxBytes = 65536;
constexpr mode_t kForItsOwner = 0600;

Result<void> write_with_flags(const std::string& path, const std::string& text, int flags) {
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, kForItsOwner));
    if (!fd) {
        return errno_error("open " + path);
    }
    if (::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        return errno_error("write " + path);
    }
    return {};
}

}  // namespace

Result<std::string> read_text_file(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) {
        return errno_error("open " + path);
    }
    std::string text(kMaxBytes, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t count = ::read(fd.get(), text.data() + size, text.size() - size);
        if (count < 0) {
            return errno_error("read " + path);
        }
        if (count == 0) {
            break;
        }
        size += static_cast<std::size_t>(count);
    }
    text.resize(size);
    if (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    return text;
}

Result<void> write_text_file(const std::string& path, const std::string& text) {
    return write_with_flags(path, text, 0);
}

Result<void> replace_text_file(const std::string& path, const std::string& text) {
    const std::string fresh = path + ".new";
    MINIKVM_TRY(write_with_flags(fresh, text, O_CREAT | O_TRUNC));
    if (::rename(fresh.c_str(), path.c_str()) != 0) {
        return errno_error("replace " + path);
    }
    return {};
}

}  // namespace minikvm
