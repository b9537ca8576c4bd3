// SPDX-License-Identifier: MIT
// StickCamera: the video bridge as the stick's parts need it.

#include "daemon/stick_camera.h"

#include <utility>

#include <fmt/format.h>

#include "common/log.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

constexpr log::MessageId kNoCamera{"1169a20d8b4a459c9159a0021a0a8250"};

VideoOptions video_options(const std::string& id, const VideoConfiguration& configuration) {
    VideoOptions options{.id = id,
                         .max_cameras = static_cast<std::size_t>(configuration.max_cameras),
                         .first_node = configuration.first_node};
    if (const auto format = format_named(configuration.format)) {
        options.mode.format = *format;
    }
    if (configuration.size) {
        options.mode.video.size = {static_cast<std::uint32_t>(configuration.size->width_px),
                                   static_cast<std::uint32_t>(configuration.size->height_px)};
    }
    options.size_follows_target = !configuration.size;
    options.mode.video.rate_hz = static_cast<std::uint32_t>(configuration.rate_hz);
    options.stall_limit = configuration.stall;
    return options;
}

ControlPicture as_picture(const Screenshot& screenshot) {
    std::string description = fmt::format("jpeg {}", to_string(screenshot.size));
    if (screenshot.card != Card::None) {
        description += fmt::format(" {}", name_of(screenshot.card));
    }
    return {std::move(description), screenshot.file};
}

}  // namespace

StickCamera::StickCamera(EventLoop& loop, AttributeTree& tree, DescriptorStore& store,
                         std::string id, Callbacks callbacks)
    : loop_(loop), tree_(tree), kept_(store), id_(std::move(id)), callbacks_(std::move(callbacks)) {
    take_sets();
}

StickCamera::~StickCamera() = default;

void StickCamera::make(const VideoConfiguration& configuration) {
    if (bridge_) {
        return;
    }
    Result<std::unique_ptr<VideoBridge>> bridge = VideoBridge::create(
        loop_, video_options(id_, configuration), kept_,
        {[this](const VideoStatus& status) {
             status_ = status;
             callbacks_.on_change();
         },
         [this](const std::string& node) { callbacks_.on_reset_wanted(node); }});
    if (!bridge) {
        status_.error = bridge.error().message();
        log::error(kNoCamera, "kernel: no camera: {}", status_.error);
        return;
    }
    bridge_ = std::move(*bridge);
    status_ = bridge_->first_status();
    name_cards();
}

void StickCamera::set_name(const std::string& name) {
    name_ = name;
    name_cards();
}

void StickCamera::name_cards() {
    if (bridge_) {
        bridge_->set_name(name_.empty() ? id_ : fmt::format("{} ({})", name_, id_));
    }
}

void StickCamera::use(const std::string& capture_node) {
    capture_node_ = capture_node;
    lend();
}

void StickCamera::sleep() {
    asleep_ = true;
    lend();
}

void StickCamera::wake() {
    asleep_ = false;
    lend();
}

void StickCamera::lend() {
    if (!bridge_) {
        return;
    }
    if (!capture_node_.empty() && !asleep_) {
        bridge_->attach(capture_node_);
    } else {
        bridge_->detach();
    }
}

void StickCamera::see(const RegisterSnapshot& snapshot) {
    if (!bridge_) {
        return;
    }
    bridge_->set_signal(snapshot.hdmi_connected);
    if (snapshot.mode && snapshot.mode->width_px > 0 && snapshot.mode->height_px > 0) {
        bridge_->set_target_size({static_cast<std::uint32_t>(snapshot.mode->width_px),
                                  static_cast<std::uint32_t>(snapshot.mode->height_px)});
    }
}

void StickCamera::take_screenshot(ScreenshotWish wish, const ControlPictureReply& reply) {
    if (!bridge_) {
        reply(make_error(ControlError::NoDevice,
                         fmt::format("screenshot: there is no camera: {}", status_.error)));
        return;
    }
    bridge_->take_screenshot(wish, [reply](const Result<Screenshot>& screenshot) {
        reply(screenshot ? Result<ControlPicture>(as_picture(*screenshot))
                         : Result<ControlPicture>(tl::unexpected<Error>(screenshot.error())));
    });
}

void StickCamera::leave() {
    if (bridge_) {
        bridge_->leave_cameras();
    }
}

}  // namespace minikvm
