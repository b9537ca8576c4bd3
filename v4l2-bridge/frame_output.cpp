// SPDX-License-Identifier: MIT
// The two ways of getting frames into v4l2loopback.

#include "v4l2-bridge/frame_output.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

#include "common/file.h"

namespace minikvm {
namespace {

class MappedOutput final : public FrameOutput {
public:
    static Result<std::unique_ptr<FrameOutput>> create(const V4l2Device& device) {
        auto buffers = MINIKVM_TRY(device.map_buffers(Direction::Output, kCameraBuffers));
        if (buffers.empty()) {
            return make_error(std::make_error_code(std::errc::not_enough_memory),
                              "map buffers of " + device.node());
        }
        MINIKVM_TRY(device.stream_on(Direction::Output));
        return std::make_unique<MappedOutput>(device, std::move(buffers));
    }

    MappedOutput(const V4l2Device& device, std::vector<MappedBuffer> buffers)
        : device_(device), buffers_(std::move(buffers)) {}

    std::uint32_t depth() const override { return static_cast<std::uint32_t>(buffers_.size()); }

    Result<void> show(std::span<const std::uint8_t> jpeg, timeval timestamp) override {
        const auto room = buffers_[next_].bytes();
        const std::size_t size_bytes = std::min(jpeg.size(), room.size());
        std::memcpy(room.data(), jpeg.data(), size_bytes);
        v4l2_buffer buffer{};
        buffer.index = next_;
        buffer.bytesused = static_cast<std::uint32_t>(size_bytes);
        buffer.field = V4L2_FIELD_NONE;
        buffer.timestamp = timestamp;
        next_ = (next_ + 1) % depth();
        return device_.queue(Direction::Output, buffer);
    }

private:
    const V4l2Device& device_;
    std::vector<MappedBuffer> buffers_;
    std::uint32_t next_ = 0;
};

class WrittenOutput final : public FrameOutput {
public:
    static Result<std::unique_ptr<FrameOutput>> create(const V4l2Device& device,
                                                       const std::string& sysfs) {
        const std::string text = MINIKVM_TRY(read_text_file(sysfs + "/buffers"));
        std::uint32_t depth = 0;
        std::from_chars(text.data(), text.data() + text.size(), depth);
        MINIKVM_TRY(device.stream_on(Direction::Output));
        return std::make_unique<WrittenOutput>(device, depth);
    }

    WrittenOutput(const V4l2Device& device, std::uint32_t depth) : device_(device), depth_(depth) {}

    std::uint32_t depth() const override { return depth_; }

    Result<void> show(std::span<const std::uint8_t> jpeg, timeval /*timestamp*/) override {
        if (::write(device_.fd(), jpeg.data(), jpeg.size()) < 0) {
            return errno_error("write to " + device_.node());
        }
        return {};
    }

private:
    const V4l2Device& device_;
    std::uint32_t depth_;
};

}  // namespace

Result<std::unique_ptr<FrameOutput>> FrameOutput::create(const V4l2Device& device,
                                                         const CameraNode& node) {
    return node.kind() == LoopbackKind::Dynamic ? MappedOutput::create(device)
                                                : WrittenOutput::create(device, node.sysfs());
}

}  // namespace minikvm
