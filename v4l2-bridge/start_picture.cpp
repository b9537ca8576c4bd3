// SPDX-License-Identifier: MIT
// Coding the start picture.

#include "v4l2-bridge/start_picture.h"

#include "v4l2-bridge/drawn_picture.h"
#include "v4l2-bridge/jpeg_encoder.h"

namespace minikvm {
namespace {

constexpr Colour kDarkGrey{.luma = 24};

}  // namespace

Result<std::vector<std::uint8_t>> make_start_picture(PictureSize size) {
    JpegEncoder encoder = MINIKVM_TRY(JpegEncoder::create(size));
    const auto jpeg = MINIKVM_TRY(encoder.encode(DrawnPicture(size, kDarkGrey)));
    return std::vector(jpeg.begin(), jpeg.end());
}

}  // namespace minikvm
