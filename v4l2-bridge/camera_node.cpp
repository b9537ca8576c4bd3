// SPDX-License-Identifier: MIT
// Getting a node of v4l2loopback, either way.

#include "v4l2-bridge/camera_node.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <optional>

#include "common/file.h"
#include "common/log.h"

namespace minikvm {
namespace {

constexpr std::string_view kStaticLabel = "Mini-KVM camera ";
constexpr std::chrono::seconds kUdevLimit{5};

/// Nothing when another process has the node.
std::optional<UniqueFd> lock(const LoopbackNode& node) {
    UniqueFd directory(::open(node.sysfs().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || ::flock(directory.get(), LOCK_EX | LOCK_NB) < 0) {
        return std::nullopt;
    }
    return directory;
}

/// Waits until the permissions of `node` may have changed; says no when `deadline` has passed.
bool wait_for_change(int inotify, std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{inotify, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
        return false;
    }
    std::array<char, 4096> events{};
    return ::read(inotify, events.data(), events.size()) > 0;
}

bool is_not_yet_ours(const Error& error) {
    return error.code == std::errc::permission_denied ||
           error.code == std::errc::no_such_file_or_directory;
}

}  // namespace

CameraNode::CameraNode(LoopbackNode node, UniqueFd lock, std::unique_ptr<LoopbackControl> control)
    : node_(std::move(node)), lock_(std::move(lock)), control_(std::move(control)) {
}

CameraNode::CameraNode(CameraNode&& other) noexcept = default;

CameraNode::~CameraNode() {
    if (!lock_ || !control_) {
        return;  // moved from, lost, or not ours to remove
    }
    // Held open by a viewer: it stays, and the stick's next daemon takes it over.
    if (auto removed = control_->remove(node_.number); !removed) {
        log::notice("camera stays: {} node={}", removed.error().message(), node());
    }
}

Result<CameraNode> CameraNode::obtain(const std::string& id) {
    auto control = LoopbackControl::open();
    if (control) {
        return obtain_dynamic(std::move(*control), id);
    }
    if (control.error().code != std::errc::no_such_file_or_directory) {
        return tl::unexpected(std::move(control.error()));
    }
    return obtain_static();
}

Result<CameraNode> CameraNode::obtain_dynamic(LoopbackControl control, const std::string& id) {
    const std::string label = ("Mini-KVM " + id).substr(0, kMaxLabelBytes);
    auto owned = std::make_unique<LoopbackControl>(std::move(control));
    for (const LoopbackNode& node : loopback_nodes()) {
        if (node.label != label) {
            continue;
        }
        if (auto locked = lock(node)) {
            CameraNode left_behind(node, std::move(*locked), std::move(owned));
            MINIKVM_TRY(left_behind.renew());
            return left_behind;
        }
    }
    const LoopbackNode node = MINIKVM_TRY(owned->add(label));
    auto locked = lock(node);
    if (!locked) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "lock " + node.sysfs());
    }
    return CameraNode(node, std::move(*locked), std::move(owned));
}

Result<void> CameraNode::renew() {
    if (!control_) {
        return {};
    }
    if (auto removed = control_->remove(node_.number); !removed) {
        is_fresh_ = false;
        return {};
    }
    lock_.reset();
    auto added = control_->add_numbered(node_.number, node_.label);
    if (!added) {
        // Another stick's daemon has taken the number.
        added = control_->add(node_.label);
    }
    node_ = MINIKVM_TRY(std::move(added));
    auto locked = lock(node_);
    if (!locked) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "lock " + node_.sysfs());
    }
    lock_ = std::move(*locked);
    is_fresh_ = true;
    return {};
}

Result<CameraNode> CameraNode::obtain_static() {
    for (const LoopbackNode& node : loopback_nodes()) {
        if (!node.label.starts_with(kStaticLabel)) {
            continue;
        }
        if (auto locked = lock(node)) {
            return CameraNode(node, std::move(*locked), nullptr);
        }
    }
    return make_error(std::make_error_code(std::errc::no_such_file_or_directory),
                      "find a free v4l2loopback node labelled \"" + std::string(kStaticLabel) +
                          "N\"; is the module loaded");
}

Result<V4l2Device> CameraNode::open() const {
    const auto deadline = std::chrono::steady_clock::now() + kUdevLimit;
    const UniqueFd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    // The directory is watched, since the node itself may not be there yet.
    if (!inotify || ::inotify_add_watch(inotify.get(), "/dev", IN_CREATE | IN_ATTRIB) < 0) {
        return errno_error("watch /dev");
    }
    while (true) {
        auto device = V4l2Device::open(node());
        if (device || !is_not_yet_ours(device.error()) ||
            !wait_for_change(inotify.get(), deadline)) {
            return device;
        }
    }
}

void CameraNode::announce() const {
    if (auto written = write_text_file(sysfs() + "/uevent", "change"); !written) {
        log::debug("udev is not asked to look again: {}", written.error().message());
    }
}

}  // namespace minikvm
