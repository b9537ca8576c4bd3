// SPDX-License-Identifier: MIT
// FrameOutput: how a picture gets into a camera.

#pragma once

#include <sys/time.h>

#include <cstdint>
#include <memory>
#include <span>

#include "common/result.h"
#include "v4l2-bridge/camera_node.h"
#include "v4l2-bridge/v4l2_device.h"

namespace minikvm {

/// Two pictures of one name are the same.
using PictureName = std::uint64_t;
inline constexpr PictureName kNoName = 0;

/// The second of the three seams between the module's versions.
///
/// 0.13 and later: mapped output buffers. The frame is copied once, into memory that viewers map
/// too, and carries the capture's timestamp. Buffers are filled in turn and never asked back: the
/// module does not know of an output buffer being in use, and when a viewer requests buffers it
/// takes the one that was asked back last for the newest picture (v4l2loopback.c of 0.15.0,
/// prepare_buffer_queue()), which would be the one being filled.
///
/// 0.12.7: write(). Its mapped output hands back always the same buffer, and its readers then see
/// pictures change under them (docs/architecture.md, decision 3). The timestamp is that of the
/// write.
///
/// Shape:   create() on a node with its format set makes the camera a capture device for everyone
///          else, before the first frame: on both versions STREAMON is what does that. (On 0.12.7 a
///          first write() would too, but without STREAMON the module forgets the writer at the end
///          and the node is then neither a capture nor an output device: no daemon could set its
///          format again.) Destroying ends that, when the device is closed as well.
/// Errors:  create(): EBUSY where another program writes to the node.
/// Limits:  a frame larger than a buffer (4 bytes a pixel) is cut off.
/// Thread:  the thread that made it. show() allocates nothing.
class FrameOutput {
public:
    /// `device` must outlive the output.
    static Result<std::unique_ptr<FrameOutput>> create(const V4l2Device& device,
                                                       const CameraNode& node);

    /// Goes on with a node that another process wrote to, as it left it: not a picture is lost.
    /// Errors: what mapping its buffers once more gives.
    static Result<std::unique_ptr<FrameOutput>> take_over(const V4l2Device& device,
                                                          const CameraNode& node);

    FrameOutput(const FrameOutput&) = delete;
    FrameOutput& operator=(const FrameOutput&) = delete;
    virtual ~FrameOutput() = default;

    /// Copies a picture in, and shows it.
    virtual Result<void> show(std::span<const std::uint8_t> picture, timeval timestamp) = 0;

    /// Where the next picture can be made in place, to be shown by show_made(), or not. Empty on
    /// 0.12.7, which has no such place.
    virtual std::span<std::uint8_t> room() = 0;
    virtual Result<void> show_made(std::size_t size_bytes, timeval timestamp) = 0;

    /// What was shown last, as viewers have it; empty before the first, and always on 0.12.7.
    virtual std::span<const std::uint8_t> newest() const = 0;

    /// Shows newest() once more, which is not empty, without another copy.
    virtual Result<void> repeat(timeval timestamp) = 0;

    /// Somebody opens the camera, and the module will hand over what was shown last, however long
    /// ago that was: gives it this time. A viewer that fills time with pictures, as ffmpeg does,
    /// would repeat it for every frame since. Does nothing where nothing was shown yet, a new
    /// viewer then waits; nor on 0.12.7, which sets the time itself when a viewer requests buffers.
    virtual Result<void> refresh(timeval timestamp) = 0;

    /// What the maker of the picture that is shown calls it; kNoName until it says so.
    PictureName name() const { return name_; }
    void set_name(PictureName name) { name_ = name; }

protected:
    FrameOutput() = default;

private:
    PictureName name_ = kNoName;
};

}  // namespace minikvm
