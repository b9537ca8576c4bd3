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

    static Result<std::unique_ptr<FrameOutput>> take_over(const V4l2Device& device) {
        auto buffers = MINIKVM_TRY(device.map_buffers_again(Direction::Output));
        if (buffers.empty()) {
            return make_error(std::make_error_code(std::errc::invalid_argument),
                              "find the buffers of " + device.node());
        }
        auto output = std::make_unique<MappedOutput>(device, std::move(buffers));
        MINIKVM_TRY(output->find_newest());
        return output;
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

    std::span<const std::uint8_t> newest() const override {
        return buffers_[newest_].bytes().first(newest_bytes_);
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

    /// The module forgets which it was, and its number, when a viewer requests buffers: any is as
    /// good as another then.
    Result<void> find_newest() {
        for (std::uint32_t index = 0; index < buffers_.size(); ++index) {
            const v4l2_buffer buffer = MINIKVM_TRY(device_.query(Direction::Output, index));
            if (buffer.sequence >= queued_) {
                newest_ = index;
                newest_bytes_ = buffer.bytesused;
                queued_ = buffer.sequence;
            }
        }
        return {};
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
    static Result<std::unique_ptr<FrameOutput>> create(const V4l2Device& device) {
        MINIKVM_TRY(device.stream_on(Direction::Output));
        return std::make_unique<WrittenOutput>(device);
    }

    explicit WrittenOutput(const V4l2Device& device) : device_(device) {}

    Result<void> show(std::span<const std::uint8_t> picture, timeval /*timestamp*/) override {
        if (::write(device_.fd(), picture.data(), picture.size()) < 0) {
            return errno_error("write to " + device_.node());
        }
        return {};
    }

    std::span<std::uint8_t> room() override { return {}; }
    Result<void> show_made(std::size_t /*size_bytes*/, timeval /*timestamp*/) override {
        return nothing_kept();
    }
    std::span<const std::uint8_t> newest() const override { return {}; }
    Result<void> repeat(timeval /*timestamp*/) override { return nothing_kept(); }
    Result<void> refresh(timeval /*timestamp*/) override { return {}; }

private:
    static tl::unexpected<Error> nothing_kept() {
        return make_error(std::make_error_code(std::errc::operation_not_supported),
                          "show what was not given to show()");
    }

    const V4l2Device& device_;
};

}  // namespace

Result<std::unique_ptr<FrameOutput>> FrameOutput::create(const V4l2Device& device,
                                                         const CameraNode& node) {
    return node.kind() == LoopbackKind::Dynamic ? MappedOutput::create(device)
                                                : WrittenOutput::create(device);
}

Result<std::unique_ptr<FrameOutput>> FrameOutput::take_over(const V4l2Device& device,
                                                            const CameraNode& node) {
    if (node.kind() == LoopbackKind::Dynamic) {
        return MappedOutput::take_over(device);
    }
    return std::make_unique<WrittenOutput>(device);
}

}  // namespace minikvm
