// SPDX-License-Identifier: MIT
// CameraSet: the cameras that it begins with.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/log.h"
#include "v4l2-bridge/camera_set.h"

namespace minikvm {

CameraSet::CameraSet(EventLoop& loop, CameraSetOptions options, const CameraMode& mode,
                     CameraKeeper& keeper)
    : loop_(loop),
      options_(std::move(options)),
      mode_(mode),
      keeper_(keeper),
      roster_(options_.most) {
}

Result<std::unique_ptr<CameraSet>> CameraSet::open(EventLoop& loop, CameraSetOptions options,
                                                   const CameraMode& mode, CameraKeeper& keeper) {
    std::unique_ptr<CameraSet> set(new CameraSet(loop, std::move(options), mode, keeper));
    set->take_over_what_is_left();
    if (set->empty()) {
        MINIKVM_TRY(set->open_first());
    }
    const Camera& first = set->members_.front()->camera;
    set->kind_ = first.kind();
    MINIKVM_TRY(set->take_mode(first.mode()));
    MINIKVM_TRY(set->hide_last_picture());
    return set;
}

/// Cameras that somebody watches go on under him, and with them all others that go on take their
/// mode. On 0.13 and later one that nobody watches goes on as well, if it has the mode that is
/// wanted: a program such as OBS knows it by its number, which somebody else could take meanwhile.
void CameraSet::take_over_what_is_left() {
    struct Left {
        CameraNode node;
        std::optional<V4l2Device> device;
        unsigned viewers = 0;
    };
    std::vector<Left> all;
    for (LeftBehind& left : CameraNode::left_behind(options_.id, keeper_)) {
        all.push_back({std::move(left.node), std::nullopt});
        if (left.device) {
            Left& added = all.back();
            added.device = V4l2Device::adopt(std::move(left.device), added.node.node());
            added.viewers = viewers_now(*added.device, added.node);
        }
    }
    // Those that are watched come first: they decide the mode.
    for (Left& left : all) {
        if (left.viewers > 0) {
            take_over(std::move(left.node), std::move(*left.device), left.viewers);
        }
    }
    for (Left& left : all) {
        if (left.viewers > 0) {
            continue;
        }
        if (left.device && left.node.kind() == LoopbackKind::Dynamic) {
            take_over(std::move(left.node), std::move(*left.device), 0);
        } else {
            left.device.reset();
            begin_again(std::move(left.node));
        }
    }
}

/// One that does not fit ends here, and its node goes with it.
void CameraSet::take_over(CameraNode node, V4l2Device device, unsigned viewers) {
    const std::string name = node.node();
    auto camera = Camera::take_over(std::move(node), std::move(device));
    if (camera && (camera->mode() == mode_ || (viewers > 0 && empty()))) {
        mode_ = camera->mode();
        log::info("camera taken over from the process before: node={}", name);
        insert(std::move(*camera), viewers);
    } else if (viewers > 0) {
        log::warning("kernel: camera not taken over: node={}", name);
    }
}

/// One that somebody merely has open cannot be removed.
void CameraSet::begin_again(CameraNode node) {
    if (node.remove()) {
        return;
    }
    auto camera = Camera::open(std::move(node), mode_);
    if (camera && (empty() || camera->mode() == mode_)) {
        mode_ = camera->mode();
        insert(std::move(*camera), 0);
    }
}

}  // namespace minikvm
