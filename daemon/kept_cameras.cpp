// SPDX-License-Identifier: MIT
// Cameras as names in the descriptor store.

#include "daemon/kept_cameras.h"

#include <sys/stat.h>

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/log.h"

namespace minikvm {
namespace {

constexpr std::string_view kPrefix = "camera-";

std::string name_of(unsigned number) {
    return fmt::format("{}{}", kPrefix, number);
}

std::optional<unsigned> number_in(std::string_view name) {
    if (!name.starts_with(kPrefix)) {
        return std::nullopt;
    }
    unsigned number = 0;
    const auto [end, error] =
        std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), number);
    const bool good = error == std::errc() && end == name.data() + name.size();
    return good ? std::optional(number) : std::nullopt;
}

bool is_directory(const UniqueFd& fd) {
    struct stat status {};
    return ::fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

std::vector<KeptCamera> KeptCameras::take() {
    std::vector<KeptCamera> cameras;
    for (const std::string& name : store_.untaken()) {
        const auto number = number_in(name);
        if (!number) {
            continue;
        }
        KeptCamera camera{.number = *number, .device = {}, .lock = {}};
        for (UniqueFd& fd : store_.take(name)) {
            (is_directory(fd) ? camera.lock : camera.device) = std::move(fd);
        }
        if (camera.device && camera.lock) {
            cameras.push_back(std::move(camera));
        } else {
            camera = {};
            forget(*number);
        }
    }
    return cameras;
}

void KeptCameras::keep(unsigned number, int device, int lock) {
    const auto kept = DescriptorStore::keep(name_of(number), std::array{device, lock});
    if (!kept) {
        log::warning("kernel: {}: viewers will notice a restart", kept.error().message());
    }
}

void KeptCameras::forget(unsigned number) {
    if (auto forgotten = DescriptorStore::release(name_of(number)); !forgotten) {
        log::warning("kernel: {}", forgotten.error().message());
    }
}

}  // namespace minikvm
