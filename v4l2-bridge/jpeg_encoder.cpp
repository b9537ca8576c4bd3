// SPDX-License-Identifier: MIT
// Coding drawn pictures with TurboJPEG.

#include "v4l2-bridge/jpeg_encoder.h"

#include <turbojpeg.h>

#include <array>
#include <string>

namespace minikvm {
namespace {

constexpr int kQuality = 75;

tl::unexpected<Error> failed(void* handle) {
    return make_error(std::make_error_code(std::errc::invalid_argument),
                      std::string("code a picture of our own: ") + tjGetErrorStr2(handle));
}

}  // namespace

void JpegEncoder::HandleDeleter::operator()(void* handle) const {
    tjDestroy(handle);
}

Result<JpegEncoder> JpegEncoder::create(PictureSize size) {
    Handle handle(tjInitCompress());
    const unsigned long room_bytes =
        tjBufSize(static_cast<int>(size.width_px), static_cast<int>(size.height_px), TJSAMP_422);
    if (!handle || room_bytes == static_cast<unsigned long>(-1)) {
        return failed(handle.get());
    }
    return JpegEncoder(std::move(handle), room_bytes);
}

Result<std::span<const std::uint8_t>> JpegEncoder::encode(const DrawnPicture& picture) {
    std::array<const std::uint8_t*, 3> planes = {
        picture.luma_row(0).data(), picture.blue_row(0).data(), picture.red_row(0).data()};
    std::uint8_t* destination = room_.get();
    unsigned long size_bytes = room_bytes_;
    if (tjCompressFromYUVPlanes(handle_.get(), planes.data(),
                                static_cast<int>(picture.size().width_px), nullptr,
                                static_cast<int>(picture.size().height_px), TJSAMP_422,
                                &destination, &size_bytes, kQuality, TJFLAG_NOREALLOC) < 0) {
        return failed(handle_.get());
    }
    return std::span<const std::uint8_t>(room_.get(), size_bytes);
}

}  // namespace minikvm
