// SPDX-License-Identifier: MIT
// StickCamera: the stick's picture as cameras, with what clients ask of them.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/event_loop.h"
#include "configuration/configuration.h"
#include "control/attribute_tree.h"
#include "control/control_picture.h"
#include "daemon/descriptor_store.h"
#include "daemon/kept_cameras.h"
#include "device/register_snapshot.h"
#include "v4l2-bridge/video_bridge.h"

namespace minikvm {

/// Shape:   make() makes the cameras, which stay until destruction, while capture nodes come and go
///          by use(). What is set below video/ is carried out here.
/// Errors:  without cameras status() says why, and everything else does nothing or says so.
/// Thread:  the thread that made it. Destruction joins the video thread.
class StickCamera final {
public:
    struct Callbacks {
        std::function<void()> on_change;  // of status()
        /// As VideoBridge::Callbacks::on_reset_wanted.
        std::function<void(const std::string& capture_node)> on_reset_wanted;
    };

    /// `loop`, `tree` and `store` must outlive it; `id` is the stick's.
    StickCamera(EventLoop& loop, AttributeTree& tree, DescriptorStore& store, std::string id,
                Callbacks callbacks);
    StickCamera(const StickCamera&) = delete;
    StickCamera& operator=(const StickCamera&) = delete;
    ~StickCamera();

    /// Where there are none yet: v4l2loopback may have been loaded since the last time.
    void make(const VideoConfiguration& configuration);
    bool exists() const { return bridge_ != nullptr; }
    const VideoStatus& status() const { return status_; }

    /// What the configuration calls the stick; empty where it does not.
    void set_name(const std::string& name);

    /// The plugged stick's capture node; empty without one. None is used between sleep() and
    /// wake().
    void use(const std::string& capture_node);
    void sleep();
    void wake();

    /// What the capture chip says of the target's signal.
    void see(const RegisterSnapshot& snapshot);

    void take_screenshot(ScreenshotWish wish, const ControlPictureReply& reply);

    /// The next process goes on with the cameras; else they end with this object.
    void leave();

private:
    void take_sets();
    void change(const std::string& name, const VideoWish& wish, const AttributeTree::Reply& reply);
    void lend();
    void name_cards();

    EventLoop& loop_;
    AttributeTree& tree_;
    KeptCameras kept_;
    const std::string id_;
    Callbacks callbacks_;
    std::string name_;
    std::string capture_node_;
    bool asleep_ = false;
    VideoStatus status_;
    std::unique_ptr<VideoBridge> bridge_;
};

}  // namespace minikvm
