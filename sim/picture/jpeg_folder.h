// SPDX-License-Identifier: MIT
// JpegFolder: a user's JPEG files as frames, byte for byte.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/result.h"
#include "sim/picture/frame_source.h"

namespace minikvm::sim {

/// Shape:   the files whose names end in .jpg or .jpeg, in the order of their names, again and
///          again. A stream shows those that have its size; where none has, the filler, as the
///          chip does in a mode it cannot deliver.
/// Errors:  open() gives what reading the folder gives; ENOENT when it holds no JPEG.
/// Thread:  made on any, used on the picture thread.
class JpegFolder final : public FrameSource {
public:
    static Result<std::unique_ptr<JpegFolder>> open(const std::string& folder);

    void start(const StreamFormat& format) override;
    void stop() override;
    Rendered render(std::uint32_t frame_number, TimePoint now,
                    std::vector<std::uint8_t>& frame) override;
    void set_nonce(std::uint32_t nonce) override;

private:
    struct File {
        std::string path;
        unsigned width_px = 0;
        unsigned height_px = 0;
    };

    explicit JpegFolder(std::vector<File> files) : files_(std::move(files)) {}

    std::vector<File> files_;
    std::vector<const File*> shown_;  // those of the stream's size
};

}  // namespace minikvm::sim
