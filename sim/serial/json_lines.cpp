// SPDX-License-Identifier: MIT
// JsonLines: a file that grows by whole lines.

#include "sim/serial/json_lines.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace minikvm::sim {

Result<JsonLines> JsonLines::open(const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
    if (!fd) {
        return errno_error("open " + path);
    }
    return JsonLines(std::move(fd), path);
}

Result<void> JsonLines::append(const std::string& line) {
    const std::string whole = line + '\n';
    const ssize_t written = ::write(fd_.get(), whole.data(), whole.size());
    if (written < 0) {
        return errno_error("write " + path_);
    }
    if (std::cmp_not_equal(written, whole.size())) {
        return make_error(std::make_error_code(std::errc::no_space_on_device), "write " + path_);
    }
    return {};
}

}  // namespace minikvm::sim
