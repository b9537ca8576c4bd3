// SPDX-License-Identifier: MIT
// PictureMaker: one JPEG on any number of cameras, decoded once.

#pragma once

#include <sys/time.h>

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/result.h"
#include "v4l2-bridge/drawn_picture.h"
#include "v4l2-bridge/frame_output.h"
#include "v4l2-bridge/jpeg_decoder.h"
#include "v4l2-bridge/jpeg_encoder.h"
#include "v4l2-bridge/picture_format.h"

namespace minikvm {

/// How a frame came to be shown.
enum class Shown {
    PassedOn,  // as the stick sent it
    Decoded,
    Repeated,  // the stick sent the same again, which was not decoded again
};

/// Shape:   show() each frame on the cameras that are watched just then, all of the maker's mode.
///          In mjpg each gets the JPEG's bytes. Else it is decoded into the first one's own buffer
///          and copied from there; on 0.12.7, which has no such buffer, into one of ours. A frame
///          that is the same as the last is not decoded again, and copied to newcomers alone.
/// Errors:  create(): as JpegDecoder::create(). show(): EBADMSG for a JPEG that cannot be decoded,
///          each camera then keeps its picture; else what a camera gave, others may have the
///          picture.
/// Thread:  the thread that made it. Nothing is allocated but for a JPEG that is larger than all
///          before it, and by the first picture.
class PictureMaker final {
public:
    static Result<PictureMaker> create(const CameraMode& mode);

    Result<Shown> show(std::span<const std::uint8_t> jpeg, timeval timestamp,
                       std::span<FrameOutput* const> outputs);

    /// Shows a picture that is none of the stick's on one camera.
    Result<void> show_alone(std::span<const std::uint8_t> jpeg, timeval timestamp,
                            FrameOutput& output);

    /// Shows a picture of our own, of the maker's size: coded for mjpg, packed for raw formats,
    /// once whatever the number of cameras.
    Result<void> show_drawn(const DrawnPicture& picture, timeval timestamp,
                            std::span<FrameOutput* const> outputs);

private:
    PictureMaker(PictureFormat format, std::optional<JpegDecoder> decoder)
        : format_(format), decoder_(std::move(decoder)) {}
    std::span<const std::uint8_t> last_picture(std::span<FrameOutput* const> outputs) const;
    Result<void> make(std::span<const std::uint8_t> jpeg, timeval timestamp, FrameOutput& output);
    Result<void> spread(std::span<const std::uint8_t> picture, timeval timestamp,
                        std::span<FrameOutput* const> outputs) const;

    PictureFormat format_;
    std::optional<JpegDecoder> decoder_;   // none: mjpg
    std::optional<JpegEncoder> encoder_;   // none before the first drawn picture in mjpg
    std::vector<std::uint8_t> last_jpeg_;  // that was decoded for show(), if any
    PictureName last_name_ = kNoName;      // of the picture that it became
    std::vector<std::uint8_t> scratch_;    // for cameras without room
    PictureName scratch_name_ = kNoName;   // of what is in it
};

}  // namespace minikvm
