// SPDX-License-Identifier: MIT
// CameraNode: a v4l2loopback node that is this stick's own, for as long as the object lives.

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"
#include "v4l2-bridge/camera_keeper.h"
#include "v4l2-bridge/v4l2_device.h"
#include "v4l2-bridge/v4l2loopback.h"

namespace minikvm {

/// For udev to hand over a node that is new.
inline constexpr std::chrono::seconds kUdevLimit{5};

/// What a module can do with frames and readers; the second seam (see FrameOutput) follows it.
enum class LoopbackKind {
    Dynamic,  // 0.13 and later: nodes are added and removed, mapped output, reader events
    Static,   // 0.12.7: nodes fixed when the module is loaded, write() only, readers by inotify
};

/// Whose node, and which.
struct NodeWish {
    std::string id;                       // the stick's, which is in the label
    std::optional<unsigned> number = {};  // /dev/videoN; the next that is free where it is taken
};

struct LeftBehind;

/// The first of the three seams between the module's versions. Which one is there is asked at run
/// time: the control device exists or it does not.
///
/// Dynamic: a node labelled "Mini-KVM ID", the stick's further ones "Mini-KVM ID (2)" and so on, is
///          added, and removed at the end unless a viewer holds it.
/// Static:  the lowest free one of the nodes labelled "Mini-KVM camera 1", "... 2" and so on is
///          claimed. Nodes with other labels, OBS's virtual camera among them, are never touched.
///
/// Two daemons never have the same node: each holds a lock on the node's directory in sysfs, which
/// the kernel drops with the last descriptor. (A lock on the node itself would need it open, which
/// the holder would see as a viewer's coming and going.)
///
/// Shape:   obtain() a new one, or take the stick's earlier ones over with left_behind(). Once its
///          camera works, keep() it for the next process. The end of the object is the end of the
///          node, unless it is to stay; finding that a viewer holds it takes 300 ms.
/// Errors:  ENOENT when there is no module, or no free node of ours; EACCES.
/// Thread:  any thread, one at a time. The keeper outlives it.
class CameraNode final {
public:
    static Result<CameraNode> obtain(const NodeWish& wish, CameraKeeper& keeper);

    /// What earlier processes of the stick left: the nodes that were kept, and on 0.13 and later
    /// those that a viewer held when the process ended. Lowest number first.
    static std::vector<LeftBehind> left_behind(const std::string& id, CameraKeeper& keeper);

    CameraNode(CameraNode&& other) noexcept;
    CameraNode& operator=(CameraNode&&) = delete;
    CameraNode(const CameraNode&) = delete;
    CameraNode& operator=(const CameraNode&) = delete;
    ~CameraNode();

    LoopbackKind kind() const { return control_ ? LoopbackKind::Dynamic : LoopbackKind::Static; }
    unsigned number() const { return node_.number; }
    std::string node() const { return node_.node(); }
    std::string sysfs() const { return node_.sysfs(); }

    /// Whether the module has no picture of an earlier time on it.
    bool is_fresh() const { return is_fresh_; }

    /// Keeps `device`, its writer, beyond the process.
    void keep(const V4l2Device& device);

    /// The node is not removed at the end of the object, and what is kept of it stays kept.
    void stay() { stays_ = true; }

    /// Lets the module forget what was shown on the node, which is to be closed: on 0.13 and later
    /// a node keeps its newest picture for as long as it exists, and hands it to the next viewer
    /// first (v4l2loopback.c of 0.15.0, get_capture_buffer()). So it is made anew, under the same
    /// number where that is still free. While somebody else has it open it stays, and is_fresh()
    /// says no. 0.12.7 forgets when the last one closes the node: there is nothing to do.
    /// Errors: it could not be made again; the object is to be destroyed then.
    Result<void> renew();

    /// Removes the node, which is to be closed, where it can be removed; the object is then to be
    /// destroyed. No when somebody else has it open.
    bool remove();

    /// Opens the node. Waits up to kUdevLimit for a node that is new.
    Result<V4l2Device> open() const;

    /// Lets udev look at the node again: it notes whether a node is a capture device
    /// (ID_V4L_CAPABILITIES) when it first sees it, which is before its format is set, and SDL and
    /// others go by that. Does nothing where the node's uevent file is not writable.
    void announce() const;

private:
    CameraNode(LoopbackNode node, UniqueFd lock, std::unique_ptr<LoopbackControl> control,
               CameraKeeper& keeper);
    static Result<CameraNode> obtain_dynamic(std::unique_ptr<LoopbackControl> control,
                                             const NodeWish& wish, CameraKeeper& keeper);
    static Result<CameraNode> obtain_static(const NodeWish& wish, CameraKeeper& keeper);
    void forget();

    LoopbackNode node_;
    UniqueFd lock_;
    std::unique_ptr<LoopbackControl> control_;  // none: Static
    CameraKeeper* keeper_;                      // not a reference, to be movable
    bool is_fresh_ = true;
    bool is_kept_ = false;
    bool stays_ = false;
};

struct LeftBehind {
    CameraNode node;
    UniqueFd device;  // none: nobody writes to it any more
};

/// Whether opening a node failed since udev has not handed it over yet.
bool is_not_yet_ours(const Error& error);

/// An inotify descriptor that is readable when permissions below /dev may have changed.
Result<UniqueFd> watch_for_new_nodes();

}  // namespace minikvm
