// SPDX-License-Identifier: MIT
// V4l2Device: a video node with the ioctls that the bridge uses.

#pragma once

#include <linux/videodev2.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"
#include "v4l2-bridge/video_mode.h"

namespace minikvm {

/// The two directions of a video node.
enum class Direction : std::uint32_t {
    Capture = V4L2_BUF_TYPE_VIDEO_CAPTURE,
    Output = V4L2_BUF_TYPE_VIDEO_OUTPUT,
};

/// A driver's buffer, mapped; unmapped when destroyed.
class MappedBuffer final {
public:
    MappedBuffer(void* address, std::size_t size_bytes)
        : bytes_(static_cast<std::uint8_t*>(address), size_bytes) {}
    MappedBuffer(MappedBuffer&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
    MappedBuffer& operator=(MappedBuffer&& other) noexcept {
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    MappedBuffer(const MappedBuffer&) = delete;
    MappedBuffer& operator=(const MappedBuffer&) = delete;
    ~MappedBuffer();

    std::span<std::uint8_t> bytes() const { return bytes_; }

private:
    std::span<std::uint8_t> bytes_;
};

/// Shape:   one open file description; every method is one ioctl, retried after a signal.
/// Units:   sizes in pixels, rates in Hz.
/// Errors:  what the ioctl gives, with its name and the node's as context. ENODEV: unplugged.
/// Limits:  memory-mapped buffers and single-planar formats only.
/// Thread:  any thread, one at a time.
/// Source:  the kernel's documentation, userspace-api/media/v4l.
class V4l2Device final {
public:
    /// Opens for reading and writing, non-blocking.
    static Result<V4l2Device> open(const std::string& node);

    /// One that is open already, as another process left it.
    static V4l2Device adopt(UniqueFd fd, std::string node) {
        return V4l2Device(std::move(fd), std::move(node));
    }

    int fd() const { return fd_.get(); }
    const std::string& node() const { return node_; }

    Result<v4l2_capability> capability() const;

    /// Every size and rate that a capture node enumerates for a format (V4L2_PIX_FMT_...).
    Result<std::vector<VideoMode>> modes(std::uint32_t pixel_format) const;

    /// Asks for a format; for output, with the colours of pictures that were JPEGs. Drivers answer
    /// with what they chose instead: compare.
    Result<v4l2_pix_format> set_format(Direction direction, std::uint32_t pixel_format,
                                       PictureSize size) const;

    /// What is set now.
    Result<v4l2_pix_format> format(Direction direction) const;
    Result<std::uint32_t> rate(Direction direction) const;

    /// Asks for a rate; the value is what the driver chose instead.
    Result<std::uint32_t> set_rate(Direction direction, std::uint32_t rate_hz) const;

    /// Asks for buffers and maps what the driver gives.
    Result<std::vector<MappedBuffer>> map_buffers(Direction direction, std::uint32_t count) const;

    /// Maps buffers that were asked for on this description before, perhaps by another process.
    Result<std::vector<MappedBuffer>> map_buffers_again(Direction direction) const;

    /// Errors: EINVAL behind the last buffer.
    Result<v4l2_buffer> query(Direction direction, std::uint32_t index) const;

    /// `buffer` needs index, and for output bytesused and timestamp.
    Result<void> queue(Direction direction, v4l2_buffer& buffer) const;

    /// Nothing when no buffer is ready. Allocates nothing then.
    Result<std::optional<v4l2_buffer>> dequeue(Direction direction) const;

    Result<void> stream_on(Direction direction) const;
    Result<void> stream_off(Direction direction) const;

    Result<void> subscribe(std::uint32_t event_type, std::uint32_t flags) const;

    /// Forgets events that wait, too. Without a subscription it does nothing.
    Result<void> unsubscribe(std::uint32_t event_type) const;

    /// Errors: ENOENT when there is none.
    Result<v4l2_event> dequeue_event() const;

private:
    V4l2Device(UniqueFd fd, std::string node) : fd_(std::move(fd)), node_(std::move(node)) {}
    int call(unsigned long request, void* argument) const;
    Result<void> control(unsigned long request, void* argument, const char* name) const;
    tl::unexpected<Error> failed(const char* name) const;
    Result<MappedBuffer> map(const v4l2_buffer& buffer) const;
    Result<std::vector<std::uint32_t>> rates(std::uint32_t pixel_format, PictureSize size) const;

    UniqueFd fd_;
    std::string node_;
};

}  // namespace minikvm
