// SPDX-License-Identifier: MIT
// Capture over uvcvideo's memory-mapped buffers.

#include "v4l2-bridge/capture.h"

#include <cassert>

namespace minikvm {
namespace {

// One being filled, one waiting, one with us, one to spare for a late wake-up.
constexpr std::uint32_t kCaptureBuffers = 4;

tl::unexpected<Error> protocol_error(std::string context) {
    return make_error(std::make_error_code(std::errc::protocol_error), std::move(context));
}

DriverVerdict verdict_of(const v4l2_buffer& buffer) {
    return (buffer.flags & V4L2_BUF_FLAG_ERROR) != 0 ? DriverVerdict::Bad : DriverVerdict::Good;
}

}  // namespace

Capture::Capture(V4l2Device device, VideoMode mode, std::vector<VideoMode> offered,
                 std::vector<MappedBuffer> buffers)
    : device_(std::move(device)),
      mode_(mode),
      offered_(std::move(offered)),
      buffers_(std::move(buffers)),
      picker_(mode.size) {
}

Result<std::unique_ptr<StickStream>> Capture::open(const std::string& node, const ModeWish& wish,
                                                   std::uint64_t limit_pixels_per_second) {
    V4l2Device device = MINIKVM_TRY(V4l2Device::open(node));
    auto offered = MINIKVM_TRY(device.modes(V4L2_PIX_FMT_MJPEG));
    std::erase_if(offered, [&](const VideoMode& mode) {
        return pixels_per_second(mode) > limit_pixels_per_second;
    });
    const auto mode = choose_mode(offered, wish, limit_pixels_per_second);
    if (!mode) {
        return protocol_error("find a usable MJPG mode of " + node);
    }
    const auto format =
        MINIKVM_TRY(device.set_format(Direction::Capture, V4L2_PIX_FMT_MJPEG, mode->size));
    if (format.pixelformat != V4L2_PIX_FMT_MJPEG ||
        PictureSize{format.width, format.height} != mode->size) {
        return protocol_error("set " + to_string(*mode) + " on " + node);
    }
    const auto rate_hz = MINIKVM_TRY(device.set_rate(Direction::Capture, mode->rate_hz));
    const VideoMode settled{mode->size, rate_hz};
    // A stick that falls back to a higher rate would lose frames.
    if (pixels_per_second(settled) > limit_pixels_per_second) {
        return protocol_error("set " + to_string(*mode) + " on " + node);
    }
    auto buffers = MINIKVM_TRY(device.map_buffers(Direction::Capture, kCaptureBuffers));
    return std::unique_ptr<StickStream>(
        new Capture(std::move(device), settled, std::move(offered), std::move(buffers)));
}

Result<void> Capture::stream_on() {
    picker_.restart();
    auto started = queue_all_and_start();
    if (!started) {
        stream_off();  // takes the buffers out of the driver's queue again
    }
    return started;
}

Result<void> Capture::queue_all_and_start() {
    for (std::uint32_t index = 0; index < buffers_.size(); ++index) {
        MINIKVM_TRY(give_back(index));
    }
    return device_.stream_on(Direction::Capture);
}

void Capture::stream_off() {
    // Fails only when the stick is gone, and with it the stream.
    static_cast<void>(device_.stream_off(Direction::Capture));
}

Result<std::optional<CapturedFrame>> Capture::take_newest() {
    while (true) {
        const auto filled = MINIKVM_TRY(device_.dequeue(Direction::Capture));
        if (!filled) {
            return picker_.take();
        }
        assert(filled->index < buffers_.size());
        const auto unneeded =
            picker_.offer({filled->index, filled->sequence, filled->timestamp, verdict_of(*filled),
                           buffers_[filled->index].bytes().first(filled->bytesused)});
        if (unneeded) {
            MINIKVM_TRY(give_back(*unneeded));
        }
    }
}

Result<void> Capture::give_back(std::uint32_t index) {
    v4l2_buffer buffer{};
    buffer.index = index;
    return device_.queue(Direction::Capture, buffer);
}

}  // namespace minikvm
