// SPDX-License-Identifier: MIT
// The v4l2loopback module, through its control device and sysfs.

#include "v4l2-bridge/v4l2loopback.h"

#include <fcntl.h>
#include <linux/ioctl.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <filesystem>

#include "common/file.h"

namespace minikvm {
namespace {

constexpr const char* kControlNode = "/dev/v4l2loopback";
constexpr const char* kNodesDirectory = "/sys/devices/virtual/video4linux";

/// struct v4l2_loopback_config of the module's header, which Debian does not ship.
struct LoopbackConfiguration {
    std::int32_t output_nr = 0;
    std::int32_t capture_nr = 0;  // the same; "unused" since 0.14
    std::array<char, kMaxLabelBytes + 1> card_label{};
    std::uint32_t min_width = 0;  // 0, here and below: the module's default
    std::uint32_t max_width = 0;
    std::uint32_t min_height = 0;
    std::uint32_t max_height = 0;
    std::int32_t max_buffers = 0;
    std::int32_t max_openers = 0;
    std::int32_t debug = 0;
    std::int32_t announce_all_caps = 0;  // 0: exclusive_caps=1
};
static_assert(sizeof(LoopbackConfiguration) == 72);

constexpr unsigned long kVersion = _IOR('~', 0, std::uint32_t);
constexpr unsigned long kAdd = _IOW('~', 1, LoopbackConfiguration);
constexpr unsigned long kRemove = _IOW('~', 2, std::uint32_t);

std::optional<unsigned> number_of(const std::string& name) {
    constexpr std::string_view kPrefix = "video";
    if (!name.starts_with(kPrefix)) {
        return std::nullopt;
    }
    unsigned number = 0;
    const char* end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + kPrefix.size(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) {
        return std::nullopt;
    }
    return number;
}

}  // namespace

std::string LoopbackNode::node() const {
    return "/dev/video" + std::to_string(number);
}

std::string LoopbackNode::sysfs() const {
    return std::string(kNodesDirectory) + "/video" + std::to_string(number);
}

std::vector<LoopbackNode> loopback_nodes() {
    std::vector<LoopbackNode> nodes;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(kNodesDirectory, ignored)) {
        const auto number = number_of(entry.path().filename().string());
        // Other drivers have virtual nodes too (vivid): max_openers is this module's attribute.
        if (!number || !std::filesystem::exists(entry.path() / "max_openers", ignored)) {
            continue;
        }
        if (auto label = read_text_file((entry.path() / "name").string())) {
            nodes.push_back({*number, std::move(*label)});
        }
    }
    std::sort(nodes.begin(), nodes.end(),
              [](const auto& one, const auto& other) { return one.number < other.number; });
    return nodes;
}

Result<LoopbackControl> LoopbackControl::open() {
    UniqueFd fd(::open(kControlNode, O_RDWR | O_CLOEXEC));
    if (!fd) {
        return errno_error(std::string("open ") + kControlNode);
    }
    std::uint32_t version = 0;
    if (::ioctl(fd.get(), kVersion, &version) < 0) {
        return errno_error(std::string("ask the version of ") + kControlNode);
    }
    return LoopbackControl(std::move(fd), version);
}

Result<LoopbackNode> LoopbackControl::add_numbered(unsigned number,
                                                   const std::string& label) const {
    LoopbackConfiguration configuration;
    configuration.output_nr = static_cast<std::int32_t>(number);
    configuration.capture_nr = configuration.output_nr;
    configuration.max_buffers = static_cast<std::int32_t>(kCameraBuffers);
    assert(label.size() <= kMaxLabelBytes);
    std::copy(label.begin(), label.end(), configuration.card_label.begin());
    const int added = ::ioctl(fd_.get(), kAdd, &configuration);
    if (added < 0) {
        return errno_error("add a v4l2loopback node labelled \"" + label + "\"");
    }
    return LoopbackNode{static_cast<unsigned>(added), label};
}

Result<LoopbackNode> LoopbackControl::add(const std::string& label, unsigned first) const {
    std::error_code ignored;
    for (unsigned number = first; number <= kLastNode; ++number) {
        const std::string taken = "/sys/class/video4linux/video" + std::to_string(number);
        if (std::filesystem::exists(taken, ignored)) {
            continue;
        }
        auto added = add_numbered(number, label);
        // Another stick's daemon may have been quicker.
        if (added || added.error().code != std::errc::file_exists) {
            return added;
        }
    }
    return make_error(std::make_error_code(std::errc::no_such_device_or_address),
                      "find a free /dev/video number");
}

Result<void> LoopbackControl::remove(unsigned number) const {
    // The number is the argument itself, not a pointer to it.
    if (::ioctl(fd_.get(), kRemove, static_cast<unsigned long>(number)) < 0) {
        return errno_error("remove /dev/video" + std::to_string(number));
    }
    return {};
}

}  // namespace minikvm
