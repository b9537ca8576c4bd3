// SPDX-License-Identifier: MIT
// FakeCameras: one camera, whose viewers come and go as a test says.

#pragma once

#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "v4l2-bridge/cameras.h"

namespace minikvm {

/// What the test says and sees; outlives the cameras.
struct FakeAudience {
    Cameras::Callbacks callbacks;
    CameraMode mode{{{1920, 1080}, 30}, PictureFormat::Mjpg};
    LoopbackKind kind = LoopbackKind::Dynamic;
    unsigned viewers = 0;
    std::optional<std::errc> show_fails_with;
    std::optional<std::errc> start_fails_with;

    unsigned pictures = 0;  // that were shown
    unsigned cards = 0;     // drawings
    bool fresh = true;      //
    unsigned begun = 0;     // how often the camera was made anew
    bool lost = false;      //

    void watch(unsigned number) {
        viewers = number;
        callbacks.on_viewers(number);
    }
};

class FakeCameras final : public Cameras {
public:
    explicit FakeCameras(FakeAudience& audience) : audience_(audience) {}

    Result<void> start(Callbacks callbacks) override {
        audience_.callbacks = std::move(callbacks);
        return {};
    }
    bool empty() const override { return audience_.lost; }
    std::vector<std::string> nodes() const override { return {"/dev/video0"}; }
    std::string free_node() const override { return "/dev/video0"; }
    unsigned viewers() const override { return audience_.viewers; }
    const CameraMode& mode() const override { return audience_.mode; }
    LoopbackKind kind() const override { return audience_.kind; }
    bool is_fresh() const override { return audience_.fresh; }

    Result<void> start_anew(const CameraMode& mode) override {
        if (audience_.start_fails_with) {
            audience_.lost = true;
            return make_error(std::make_error_code(*audience_.start_fails_with), "make a camera");
        }
        audience_.mode = mode;
        audience_.fresh = true;
        audience_.lost = false;
        ++audience_.begun;
        return {};
    }

    bool is_shown() const override { return audience_.viewers > 0; }

    Result<Shown> show(std::span<const std::uint8_t> /*jpeg*/, timeval /*timestamp*/) override {
        if (audience_.show_fails_with) {
            return make_error(std::make_error_code(*audience_.show_fails_with), "show a picture");
        }
        audience_.fresh = false;
        ++audience_.pictures;
        return Shown::PassedOn;
    }
    Result<void> show_drawn(const DrawnPicture& /*picture*/) override {
        ++audience_.cards;
        return {};
    }
    Result<void> hide_last_picture() override {
        audience_.fresh = true;
        return {};
    }
    void stay() override {}

private:
    FakeAudience& audience_;
};

}  // namespace minikvm
