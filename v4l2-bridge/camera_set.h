// SPDX-License-Identifier: MIT
// CameraSet: a stick's cameras, which are v4l2loopback's.

#pragma once

#include <sys/time.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "v4l2-bridge/camera.h"
#include "v4l2-bridge/camera_keeper.h"
#include "v4l2-bridge/camera_roster.h"
#include "v4l2-bridge/camera_start.h"
#include "v4l2-bridge/cameras.h"
#include "v4l2-bridge/picture_maker.h"

namespace minikvm {

struct CameraSetOptions {
    std::string id;                           // the stick's
    std::size_t most = 1;                     // cameras
    std::optional<unsigned> first_node = {};  // /dev/videoN of the first; none: any
};

/// Shape:   open() takes over the cameras that an earlier process left under a viewer, or makes the
///          first one. From start() on there is a free camera for the next viewer, as CameraRoster
///          decides.
/// Errors:  open(): as CameraNode::obtain() and Camera::open(). A camera that is lost leaves the
///          set, which may be empty then. That another one cannot be made is logged.
/// Limits:  a viewer that an earlier process left behind keeps the size and format that it has, and
///          so do all cameras until nobody watches: see mode().
/// Thread:  the loop's, or any one before the loop runs.
class CameraSet final : public Cameras {
public:
    /// `loop` and `keeper` must outlive the set.
    static Result<std::unique_ptr<CameraSet>> open(EventLoop& loop, CameraSetOptions options,
                                                   const CameraMode& mode, CameraKeeper& keeper);

    Result<void> start(Callbacks callbacks) override;
    bool empty() const override { return members_.empty(); }
    std::vector<std::string> nodes() const override;
    std::string free_node() const override;
    unsigned viewers() const override { return roster_.viewers(); }
    const CameraMode& mode() const override { return mode_; }
    LoopbackKind kind() const override { return kind_; }
    bool is_fresh() const override;
    Result<void> start_anew(const CameraMode& mode) override;
    bool is_shown() const override;
    Result<Shown> show(std::span<const std::uint8_t> jpeg, timeval timestamp) override;
    Result<void> show_drawn(const DrawnPicture& picture) override;
    Result<void> hide_last_picture() override;
    void stay() override;

private:
    struct Member {
        explicit Member(Camera made) : camera(std::move(made)) {}
        unsigned number() const { return camera.number(); }

        Camera camera;
        std::unique_ptr<ViewerWatch> watch;  // refers to the camera: goes first
    };

    CameraSet(EventLoop& loop, CameraSetOptions options, const CameraMode& mode,
              CameraKeeper& keeper);
    void take_over_what_is_left();
    void take_over(CameraNode node, V4l2Device device, unsigned viewers);
    void begin_again(CameraNode node);
    Result<void> open_first();
    Result<void> take_mode(const CameraMode& mode);
    Result<CameraNode> obtain();
    Member& insert(Camera camera, unsigned viewers);
    Member* find(unsigned number) const;
    void drop(unsigned number);

    Result<void> watch(Member& member);
    void on_viewers(Member& member, unsigned viewers);
    void on_open(Member& member);

    void follow_roster();
    void take_step(const RosterStep& step);
    void add();
    void added(Result<Camera> camera);
    void not_added(const Error& error);
    void remove(Member& member);
    void hide(Member& member);
    Result<void> renew(Member& member);
    Result<void> try_start_anew(const CameraMode& mode);
    void drop_other_modes();
    Result<void> show_dark(Member& member);

    EventLoop& loop_;
    CameraSetOptions options_;
    CameraMode mode_;
    CameraKeeper& keeper_;
    LoopbackKind kind_ = LoopbackKind::Dynamic;
    CameraRoster roster_;
    Callbacks callbacks_;
    bool is_short_ = false;                   // another camera could not be made, as was logged
    std::optional<PictureMaker> maker_;       // of mode_
    std::vector<std::uint8_t> dark_picture_;  // of mode_'s size, a JPEG
    std::vector<std::unique_ptr<Member>> members_;  // lowest number first
    std::vector<FrameOutput*> outputs_;             // of show(), kept for its memory
    std::unique_ptr<CameraStart> starting_;
    Timer roster_timer_;
};

}  // namespace minikvm
