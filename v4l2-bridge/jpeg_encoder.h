// SPDX-License-Identifier: MIT
// JpegEncoder: pictures of our own as JPEGs like the stick's.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "common/result.h"
#include "v4l2-bridge/drawn_picture.h"

namespace minikvm {

/// Shape:   create() once for pictures of one size, encode() each.
/// Errors:  what TurboJPEG says of the size, as EINVAL.
/// Thread:  the thread that made it.
class JpegEncoder final {
public:
    static Result<JpegEncoder> create(PictureSize size);

    /// 4:2:2, as the stick's own. Valid until the next encode().
    Result<std::span<const std::uint8_t>> encode(const DrawnPicture& picture);

private:
    struct HandleDeleter {
        void operator()(void* handle) const;
    };
    using Handle = std::unique_ptr<void, HandleDeleter>;

    JpegEncoder(Handle handle, std::size_t room_bytes)
        : handle_(std::move(handle)),
          room_bytes_(room_bytes),
          room_(std::make_unique_for_overwrite<std::uint8_t[]>(room_bytes)) {}

    Handle handle_;
    std::size_t
        room_bytes_;  // of the largest JPEG that there can be, most of which is never touched
    std::unique_ptr<std::uint8_t[]> room_;
};

}  // namespace minikvm
