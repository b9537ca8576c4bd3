// SPDX-License-Identifier: MIT
// The two ways of getting frames into v4l2loopback.

#include "v4l2-bridge/frame_output.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

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

    Result<void> show(std::span<const std::uint8_t> picture, timeval timestamp) override {
        const std::size_t size_bytes = std::min(picture.size(), room().size());
        std::memcpy(room().data(), picture.data(), size_bytes);
        return show_made(size_bytes, timestamp);
    }

    std::span<std::uint8_t> room() override { return buffers_[next()].bytes(); }

    Result<void> show_made(std::size_t size_bytes, timeval timestamp) override {
        newest_ = next();
        newest_bytes_ = static_cast<std::uint32_t>(size_bytes);
        return queue_newest(timestamp);
    }

    Result<void> repeat(timeval timestamp) override { return queue_newest(timestamp); }

    Result<void> refresh(timeval timestamp) override {
        if (queued_ == 0) {
            return {};
        }
        // A new viewer begins with the oldest picture until there were more than buffers.
        do {
            MINIKVM_TRY(queue_newest(timestamp));
        } while (queued_ <= buffers_.size());
        return {};
    }

private:
    std::uint32_t next() const {
        return (newest_ + 1) % static_cast<std::uint32_t>(buffers_.size());
    }

    Result<void> queue_newest(timeval timestamp) {
        v4l2_buffer buffer{};
        buffer.index = newest_;
        buffer.bytesused = newest_bytes_;
        buffer.field = V4L2_FIELD_NONE;
        buffer.timestamp = timestamp;
        ++queued_;
        return device_.queue(Direction::Output, buffer);
    }

    const V4l2Device& device_;
    std::vector<MappedBuffer> buffers_;
    std::uint32_t newest_ = 0;
    std::uint32_t newest_bytes_ = 0;
    std::uint64_t queued_ = 0;
};

class WrittenOutput final : public FrameOutput {
public:
    static Result<std::unique_ptr<FrameOutput>> create(const V4l2Device& device,
                                                       std::size_t raw_bytes) {
        MINIKVM_TRY(device.stream_on(Direction::Output));
        return std::make_unique<WrittenOutput>(device, raw_bytes);
    }

    WrittenOutput(const V4l2Device& device, std::size_t raw_bytes)
        : device_(device), room_(raw_bytes) {}

    Result<void> show(std::span<const std::uint8_t> picture, timeval /*timestamp*/) override {
        if (::write(device_.fd(), picture.data(), picture.size()) < 0) {
            return errno_error("write to " + device_.node());
        }
        return {};
    }

    std::span<std::uint8_t> room() override { return room_; }

    Result<void> show_made(std::size_t size_bytes, timeval timestamp) override {
        return show(std::span(room_).first(size_bytes), timestamp);
    }

    Result<void> repeat(timeval timestamp) override { return show(room_, timestamp); }

    Result<void> refresh(timeval /*timestamp*/) override { return {}; }

private:
    const V4l2Device& device_;
    std::vector<std::uint8_t> room_;
};

}  // namespace

Result<std::unique_ptr<FrameOutput>> FrameOutput::create(const V4l2Device& device,
                                                         const CameraNode& node,
                                                         std::size_t raw_bytes) {
    return node.kind() == LoopbackKind::Dynamic ? MappedOutput::create(device)
                                                : WrittenOutput::create(device, raw_bytes);
}

}  // namespace minikvm
