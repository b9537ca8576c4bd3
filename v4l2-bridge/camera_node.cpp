// SPDX-License-Identifier: MIT
// Getting a node of v4l2loopback, either way.

#include "v4l2-bridge/camera_node.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "common/file.h"
#include "common/log.h"

namespace minikvm {
namespace {

constexpr std::string_view kStaticLabel = "Mini-KVM camera ";
// udev's look at a node takes some milliseconds on a machine with nothing else to do.
constexpr std::chrono::milliseconds kLookLimit{300};
constexpr unsigned kMostLabels = 64;

/// What the stick's n-th camera is called, counted from 1.
std::string label_of(const std::string& id, unsigned count) {
    const std::string suffix = count == 1 ? "" : fmt::format(" ({})", count);
    return ("Mini-KVM " + id).substr(0, kMaxLabelBytes - suffix.size()) + suffix;
}

bool is_label_of(const std::string& id, const std::string& label) {
    for (unsigned count = 1; count <= kMostLabels; ++count) {
        if (label == label_of(id, count)) {
            return true;
        }
    }
    return false;
}

std::string unused_label(const std::string& id) {
    const std::vector<LoopbackNode> nodes = loopback_nodes();
    unsigned count = 1;
    while (count < kMostLabels &&
           std::ranges::find(nodes, label_of(id, count), &LoopbackNode::label) != nodes.end()) {
        ++count;
    }
    return label_of(id, count);
}

/// Nothing when another process has the node.
std::optional<UniqueFd> lock(const LoopbackNode& node) {
    UniqueFd directory(::open(node.sysfs().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || ::flock(directory.get(), LOCK_EX | LOCK_NB) < 0) {
        return std::nullopt;
    }
    return directory;
}

Result<UniqueFd> lock_new(const LoopbackNode& node) {
    auto locked = lock(node);
    if (!locked) {
        return make_error(std::make_error_code(std::errc::device_or_resource_busy),
                          "lock " + node.sysfs());
    }
    return std::move(*locked);
}

/// What inotify told, all its masks at once; nothing when `deadline` has passed.
std::uint32_t wait_for_change(int inotify, std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{inotify, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
        return 0;
    }
    std::array<char, 4096> events{};
    const ssize_t size = ::read(inotify, events.data(), events.size());
    std::uint32_t told = 0;
    for (ssize_t at = 0; at < size;) {
        inotify_event event{};
        std::memcpy(&event, events.data() + at, sizeof event);
        told |= event.mask;
        at += static_cast<ssize_t>(sizeof event + event.len);
    }
    return told;
}

/// Waits until nobody has the watched node open, which has been removed.
void wait_for_end(int inotify, std::chrono::steady_clock::time_point deadline) {
    std::uint32_t told = 0;
    do {
        told = wait_for_change(inotify, deadline);
    } while (told != 0 && (told & IN_DELETE_SELF) == 0);
}

/// Waits for those who look at a node for a moment, as udev does when its writer has come or gone;
/// a viewer stays longer than that. The number can be had again afterwards: the kernel keeps it for
/// as long as anyone has the node open that was removed.
Result<void> remove_unless_watched(const LoopbackControl& control, const LoopbackNode& node) {
    const auto deadline = std::chrono::steady_clock::now() + kLookLimit;
    const UniqueFd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    const bool hears_of_it = inotify && ::inotify_add_watch(inotify.get(), node.node().c_str(),
                                                            IN_CLOSE | IN_DELETE_SELF) >= 0;
    Result<void> removed = control.remove(node.number);
    while (!removed && removed.error().code == std::errc::device_or_resource_busy && hears_of_it &&
           wait_for_change(inotify.get(), deadline) != 0) {
        removed = control.remove(node.number);
    }
    if (removed && hears_of_it) {
        wait_for_end(inotify.get(), deadline);
    }
    return removed;
}

/// No control device is not an error: that is 0.12.7, or no module at all.
Result<std::unique_ptr<LoopbackControl>> open_control() {
    auto control = LoopbackControl::open();
    if (control) {
        return std::make_unique<LoopbackControl>(std::move(*control));
    }
    if (control.error().code != std::errc::no_such_file_or_directory) {
        return tl::unexpected(std::move(control.error()));
    }
    return std::unique_ptr<LoopbackControl>();
}

}  // namespace

bool is_not_yet_ours(const Error& error) {
    return error.code == std::errc::permission_denied ||
           error.code == std::errc::no_such_file_or_directory;
}

Result<UniqueFd> watch_for_new_nodes() {
    UniqueFd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    // The directory is watched, since the node itself may not be there yet.
    if (!inotify || ::inotify_add_watch(inotify.get(), "/dev", IN_CREATE | IN_ATTRIB) < 0) {
        return errno_error("watch /dev");
    }
    return inotify;
}

CameraNode::CameraNode(LoopbackNode node, UniqueFd lock, std::unique_ptr<LoopbackControl> control,
                       CameraKeeper& keeper)
    : node_(std::move(node)),
      lock_(std::move(lock)),
      control_(std::move(control)),
      keeper_(&keeper) {
}

CameraNode::CameraNode(CameraNode&& other) noexcept = default;

CameraNode::~CameraNode() {
    if (!lock_ || stays_) {
        return;  // moved from, lost, removed, or to stay
    }
    forget();
    // Held open by a viewer: it stays, and the stick's next daemon takes it over.
    if (!control_) {
        return;
    }
    if (auto removed = remove_unless_watched(*control_, node_); !removed) {
        log::notice("camera stays: {} node={}", removed.error().message(), node());
    }
}

Result<CameraNode> CameraNode::obtain(const NodeWish& wish, CameraKeeper& keeper) {
    auto control = MINIKVM_TRY(open_control());
    return control ? obtain_dynamic(std::move(control), wish, keeper) : obtain_static(wish, keeper);
}

Result<CameraNode> CameraNode::obtain_dynamic(std::unique_ptr<LoopbackControl> control,
                                              const NodeWish& wish, CameraKeeper& keeper) {
    const LoopbackNode node =
        MINIKVM_TRY(control->add(unused_label(wish.id), wish.number.value_or(kFirstNode)));
    UniqueFd locked = MINIKVM_TRY(lock_new(node));
    return CameraNode(node, std::move(locked), std::move(control), keeper);
}

Result<CameraNode> CameraNode::obtain_static(const NodeWish& wish, CameraKeeper& keeper) {
    std::vector<LoopbackNode> nodes = loopback_nodes();
    std::erase_if(nodes, [](const auto& node) { return !node.label.starts_with(kStaticLabel); });
    // From the wanted one on, then those before it.
    const auto first = std::ranges::find_if(
        nodes, [&](const auto& node) { return node.number >= wish.number.value_or(0); });
    std::rotate(nodes.begin(), first, nodes.end());
    for (const LoopbackNode& node : nodes) {
        if (auto locked = lock(node)) {
            return CameraNode(node, std::move(*locked), nullptr, keeper);
        }
    }
    return make_error(std::make_error_code(std::errc::no_such_file_or_directory),
                      "find a free v4l2loopback node labelled \"" + std::string(kStaticLabel) +
                          "N\"; is the module loaded");
}

std::vector<LeftBehind> CameraNode::left_behind(const std::string& id, CameraKeeper& keeper) {
    std::vector<KeptCamera> kept = keeper.take();
    std::vector<LeftBehind> found;
    for (const LoopbackNode& node : loopback_nodes()) {
        auto control = open_control();
        if (!control) {
            return found;  // obtain() tells of it
        }
        const bool is_ours =
            *control ? is_label_of(id, node.label) : node.label.starts_with(kStaticLabel);
        const auto keeps = std::ranges::find(kept, node.number, &KeptCamera::number);
        if (is_ours && keeps != kept.end()) {
            CameraNode camera(node, std::move(keeps->lock), std::move(*control), keeper);
            camera.is_kept_ = true;
            camera.is_fresh_ = false;
            found.push_back({std::move(camera), std::move(keeps->device)});
            kept.erase(keeps);
        } else if (auto locked = is_ours && *control ? lock(node) : std::nullopt) {
            CameraNode camera(node, std::move(*locked), std::move(*control), keeper);
            camera.is_fresh_ = false;
            found.push_back({std::move(camera), UniqueFd()});
        }
    }
    for (const KeptCamera& other : kept) {
        log::warning("bug: /dev/video{} was kept, and is no camera of {}", other.number, id);
        keeper.forget(other.number);
    }
    return found;
}

void CameraNode::keep(const V4l2Device& device) {
    keeper_->keep(node_.number, device.fd(), lock_.get());
    is_kept_ = true;
}

void CameraNode::forget() {
    if (std::exchange(is_kept_, false)) {
        keeper_->forget(node_.number);
    }
}

bool CameraNode::remove() {
    forget();
    if (control_ && !control_->remove(node_.number)) {
        is_fresh_ = false;
        return false;
    }
    lock_.reset();
    return true;
}

Result<void> CameraNode::renew() {
    if (!control_) {
        forget();
        is_fresh_ = true;
        return {};
    }
    forget();
    if (!remove_unless_watched(*control_, node_)) {
        is_fresh_ = false;
        return {};
    }
    lock_.reset();
    node_ = MINIKVM_TRY(control_->add(node_.label, node_.number));
    lock_ = MINIKVM_TRY(lock_new(node_));
    is_fresh_ = true;
    return {};
}

Result<V4l2Device> CameraNode::open() const {
    const auto deadline = std::chrono::steady_clock::now() + kUdevLimit;
    const UniqueFd inotify = MINIKVM_TRY(watch_for_new_nodes());
    while (true) {
        auto device = V4l2Device::open(node());
        if (device || !is_not_yet_ours(device.error()) ||
            wait_for_change(inotify.get(), deadline) == 0) {
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
