// SPDX-License-Identifier: MIT
// CameraNode: a v4l2loopback node that is this stick's own, for as long as the object lives.

#pragma once

#include <memory>
#include <string>

#include "common/result.h"
#include "common/unique_fd.h"
#include "v4l2-bridge/v4l2_device.h"
#include "v4l2-bridge/v4l2loopback.h"

namespace minikvm {

/// What a module can do with frames and readers; the second seam (see FrameOutput) follows it.
enum class LoopbackKind {
    Dynamic,  // 0.13 and later: nodes are added and removed, mapped output, reader events
    Static,   // 0.12.7: nodes fixed when the module is loaded, write() only, readers by inotify
};

/// The first of the three seams between the module's versions. Which one is there is asked at run
/// time: the control device exists or it does not.
///
/// Dynamic: a node labelled "Mini-KVM ID" is added, or taken over when an earlier daemon had to
///          leave it behind because a viewer holds it; removed at the end unless one still does.
/// Static:  the lowest free one of the nodes labelled "Mini-KVM camera 1", "... 2" and so on is
///          claimed. Nodes with other labels, OBS's virtual camera among them, are never touched.
///
/// Two daemons never have the same node: each holds a lock on the node's directory in sysfs, which
/// the kernel drops with the process. (A lock on the node itself would need it open, which the
/// holder would see as a viewer's coming and going.)
///
/// Errors:  ENOENT when there is no module, or no free node of ours; EACCES.
/// Thread:  any thread, one at a time.
class CameraNode final {
public:
    static Result<CameraNode> obtain(const std::string& id);

    CameraNode(CameraNode&& other) noexcept;
    CameraNode& operator=(CameraNode&&) = delete;
    CameraNode(const CameraNode&) = delete;
    CameraNode& operator=(const CameraNode&) = delete;
    ~CameraNode();

    LoopbackKind kind() const { return control_ ? LoopbackKind::Dynamic : LoopbackKind::Static; }
    std::string node() const { return node_.node(); }
    std::string sysfs() const { return node_.sysfs(); }

    /// Whether the module has no picture of an earlier time on it.
    bool is_fresh() const { return is_fresh_; }

    /// Lets the module forget what was shown on the node, which is to be closed: on 0.13 and later
    /// a node keeps its newest picture for as long as it exists, and hands it to the next viewer
    /// first (v4l2loopback.c of 0.15.0, get_capture_buffer()). So it is made anew, under the same
    /// number where that is still free. While somebody else has it open it stays, and is_fresh()
    /// says no. 0.12.7 forgets when the last one closes the node: there is nothing to do.
    /// Errors: it could not be made again; the object is to be destroyed then.
    Result<void> renew();

    /// Opens the node. Waits up to 5 s for udev to hand over a node that is new.
    Result<V4l2Device> open() const;

    /// Lets udev look at the node again: it notes whether a node is a capture device
    /// (ID_V4L_CAPABILITIES) when it first sees it, which is before its format is set, and SDL and
    /// others go by that. Does nothing where the node's uevent file is not writable.
    void announce() const;

private:
    CameraNode(LoopbackNode node, UniqueFd lock, std::unique_ptr<LoopbackControl> control);
    static Result<CameraNode> obtain_dynamic(LoopbackControl control, const std::string& id);
    static Result<CameraNode> obtain_static();

    LoopbackNode node_;
    UniqueFd lock_;
    std::unique_ptr<LoopbackControl> control_;  // none: Static
    bool is_fresh_ = true;
};

}  // namespace minikvm
