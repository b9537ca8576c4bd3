// SPDX-License-Identifier: MIT
// StickCamera: what clients can set below video/.

#include <fmt/format.h>

#include "control/attribute_text.h"
#include "daemon/stick_camera.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

tl::unexpected<Error> bad_value(const std::string& name, const std::string& value,
                                std::string_view right) {
    return make_error(ControlError::BadValue,
                      fmt::format("{}: {} is not {}", name, in_quotes(value), right));
}

ControlError meaning_of(const std::error_code& code) {
    if (code == std::errc::device_or_resource_busy) {
        return ControlError::Busy;
    }
    return code == std::errc::invalid_argument ? ControlError::BadValue : control_error_for(code);
}

}  // namespace

void StickCamera::take_sets() {
    tree_.on_set("video/format", [this](const std::string& value, const auto& reply) {
        change("video/format", {.format = format_named(value)}, reply);
    });
    tree_.on_set("video/size", [this](const std::string& value, const auto& reply) {
        if (value == "auto") {
            change("video/size", {.size_follows_target = true}, reply);
            return;
        }
        const auto size = size_from(value);
        if (!size) {
            reply(bad_value("video/size", value, "a size such as 1280x720, or auto"));
            return;
        }
        change("video/size", {.size = size}, reply);
    });
    tree_.on_set("video/rate_hz", [this](const std::string& value, const auto& reply) {
        const auto rate_hz = rate_from(value);
        if (!rate_hz) {
            reply(bad_value("video/rate_hz", value, "a number of pictures a second, such as 30"));
            return;
        }
        change("video/rate_hz", {.rate_hz = rate_hz}, reply);
    });
}

void StickCamera::change(const std::string& name, const VideoWish& wish,
                         const AttributeTree::Reply& reply) {
    if (!bridge_) {
        reply(make_error(ControlError::NoDevice,
                         fmt::format("{}: there is no camera: {}", name, status_.error)));
        return;
    }
    // Not bound to a deadline: a new node waits for udev, and the camera is what it is in the end.
    bridge_->change(wish, [this, name, reply](const Result<CameraMode>& mode) {
        if (!mode) {
            reply(make_error(meaning_of(mode.error().code),
                             fmt::format("{}: {}", name, mode.error().context)));
            return;
        }
        reply(tree_.get(name));
    });
}

}  // namespace minikvm
