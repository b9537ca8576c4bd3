// SPDX-License-Identifier: MIT
// Capture: the stick's own stream of JPEGs.

#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/result.h"
#include "v4l2-bridge/frame_picker.h"
#include "v4l2-bridge/stick_stream.h"
#include "v4l2-bridge/v4l2_device.h"
#include "v4l2-bridge/video_mode.h"

namespace minikvm {

/// Shape:   open() settles the mode.
/// Errors:  open(): ENODEV where the stick is gone, EBUSY where someone else streams from it,
///          EPROTO where it offers no JPEGs within the limit, or does not keep to its offer.
/// Thread:  the thread that made it.
class Capture final : public StickStream {
public:
    static Result<std::unique_ptr<StickStream>> open(const std::string& node, const ModeWish& wish,
                                                     std::uint64_t limit_pixels_per_second);

    const VideoMode& mode() const override { return mode_; }
    int fd() const override { return device_.fd(); }
    const std::string& node() const override { return device_.node(); }
    std::span<const VideoMode> offered() const override { return offered_; }
    Result<void> stream_on() override;
    void stream_off() override;
    Result<std::optional<CapturedFrame>> take_newest() override;
    Result<void> give_back(std::uint32_t index) override;
    const FrameCounters& counters() const override { return picker_.counters(); }

private:
    Capture(V4l2Device device, VideoMode mode, std::vector<VideoMode> offered,
            std::vector<MappedBuffer> buffers);
    Result<void> queue_all_and_start();

    V4l2Device device_;
    VideoMode mode_;
    std::vector<VideoMode> offered_;
    std::vector<MappedBuffer> buffers_;
    FramePicker picker_;
};

}  // namespace minikvm
