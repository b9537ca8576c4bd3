// SPDX-License-Identifier: MIT
// Coding the start picture with TurboJPEG.

#include "v4l2-bridge/start_picture.h"

#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <memory>

namespace minikvm {
namespace {

struct CompressorDeleter {
    void operator()(void* compressor) const { tjDestroy(compressor); }
};
using Compressor = std::unique_ptr<void, CompressorDeleter>;

constexpr std::uint8_t kDarkGrey = 24;
constexpr std::uint8_t kNoColour = 128;
constexpr int kQuality = 75;

}  // namespace

Result<std::vector<std::uint8_t>> make_start_picture(PictureSize size) {
    const auto width_px = static_cast<int>(size.width_px);
    const auto height_px = static_cast<int>(size.height_px);
    const Compressor compressor(tjInitCompress());
    const auto failed = [&] {
        return make_error(std::make_error_code(std::errc::invalid_argument),
                          std::string("make a start picture: ") + tjGetErrorStr2(compressor.get()));
    };
    unsigned long size_bytes = tjBufSize(width_px, height_px, TJSAMP_422);
    if (!compressor || size_bytes == static_cast<unsigned long>(-1)) {
        return failed();
    }
    std::array<std::vector<std::uint8_t>, 3> planes;
    for (int component = 0; component < 3; ++component) {
        const std::size_t plane_bytes =
            tjPlaneSizeYUV(component, width_px, 0, height_px, TJSAMP_422);
        planes.at(static_cast<std::size_t>(component))
            .assign(plane_bytes, component == 0 ? kDarkGrey : kNoColour);
    }
    std::array<const std::uint8_t*, 3> rows = {planes[0].data(), planes[1].data(),
                                               planes[2].data()};
    std::vector<std::uint8_t> picture(size_bytes);
    std::uint8_t* destination = picture.data();
    if (tjCompressFromYUVPlanes(compressor.get(), rows.data(), width_px, nullptr, height_px,
                                TJSAMP_422, &destination, &size_bytes, kQuality,
                                TJFLAG_NOREALLOC) < 0) {
        return failed();
    }
    picture.resize(size_bytes);
    picture.shrink_to_fit();
    return picture;
}

}  // namespace minikvm
