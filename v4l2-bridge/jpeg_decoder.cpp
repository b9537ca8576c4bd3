// SPDX-License-Identifier: MIT
// Decoding with TurboJPEG.

#include "v4l2-bridge/jpeg_decoder.h"

#include <turbojpeg.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "v4l2-bridge/chroma_rows.h"

namespace minikvm {
namespace {

tl::unexpected<Error> damaged(std::string why) {
    return make_error(std::make_error_code(std::errc::bad_message), std::move(why));
}

/// Filling between the coded data and the end of the image, which some coders leave: the picture
/// has been decoded by then. Before any other marker it is what remains of a damaged piece.
/// TurboJPEG tells its warnings apart by their text alone.
bool is_harmless(void* handle) {
    const std::string_view said = tjGetErrorStr2(handle);
    return tjGetErrorCode(handle) == TJERR_WARNING &&
           said.find("extraneous bytes before marker 0xd9") != std::string_view::npos;
}

}  // namespace

void JpegDecoder::HandleDeleter::operator()(void* handle) const {
    tjDestroy(handle);
}

JpegDecoder::JpegDecoder(Handle handle, PictureFormat format, PictureSize size,
                         std::size_t picture_bytes)
    : handle_(std::move(handle)), format_(format), size_(size), picture_bytes_(picture_bytes) {
    const std::size_t pixels = std::size_t{size.width_px} * size.height_px;
    luma_.resize(format == PictureFormat::Yuyv ? pixels : 0);
    blue_.resize(pixels / 2);
    red_.resize(pixels / 2);
}

Result<JpegDecoder> JpegDecoder::create(PictureFormat format, PictureSize size) {
    const auto bytes = minikvm::picture_bytes(format, size);
    if (!bytes) {
        return make_error(std::make_error_code(std::errc::invalid_argument),
                          "decode to " + to_string(CameraMode{{size, 0}, format}));
    }
    Handle handle(tjInitDecompress());
    if (!handle) {
        return make_error(std::make_error_code(std::errc::not_enough_memory), "make a decoder");
    }
    return JpegDecoder(std::move(handle), format, size, *bytes);
}

Result<JpegDecoder::Sampling> JpegDecoder::read_header(std::span<const std::uint8_t> jpeg) {
    int width_px = 0;
    int height_px = 0;
    int sampling = 0;
    int colours = 0;
    if (tjDecompressHeader3(handle_.get(), jpeg.data(), jpeg.size(), &width_px, &height_px,
                            &sampling, &colours) < 0) {
        return damaged(tjGetErrorStr2(handle_.get()));
    }
    if (PictureSize{static_cast<std::uint32_t>(width_px), static_cast<std::uint32_t>(height_px)} !=
        size_) {
        return damaged("a JPEG of another size");
    }
    if (colours != TJCS_YCbCr || (sampling != TJSAMP_422 && sampling != TJSAMP_420)) {
        return damaged("a JPEG that is neither 4:2:2 nor 4:2:0");
    }
    return sampling == TJSAMP_422 ? Sampling::Halved : Sampling::Quartered;
}

Result<void> JpegDecoder::decode_planes(std::span<const std::uint8_t> jpeg,
                                        std::array<std::uint8_t*, 3> planes) {
    // At the first warning, since only the last one's text can be asked for.
    if (tjDecompressToYUVPlanes(handle_.get(), jpeg.data(), jpeg.size(), planes.data(), 0, nullptr,
                                0, TJFLAG_STOPONWARNING) < 0 &&
        !is_harmless(handle_.get())) {
        return damaged(tjGetErrorStr2(handle_.get()));
    }
    return {};
}

std::span<std::uint8_t> JpegDecoder::chroma_row(Plane& plane, std::size_t row) const {
    const std::size_t samples = size_.width_px / 2;
    return std::span(plane).subspan(row * samples, samples);
}

Result<void> JpegDecoder::decode(std::span<const std::uint8_t> jpeg,
                                 std::span<std::uint8_t> picture) {
    const Sampling sampling = MINIKVM_TRY(read_header(jpeg));
    picture = picture.first(picture_bytes_);
    if (format_ == PictureFormat::Yuyv) {
        MINIKVM_TRY(decode_planes(jpeg, {luma_.data(), blue_.data(), red_.data()}));
        finish_yuyv(sampling, picture);
        return {};
    }
    const std::size_t luma_bytes = std::size_t{size_.width_px} * size_.height_px;
    const auto chroma = picture.subspan(luma_bytes);
    if (format_ == PictureFormat::Yu12 && sampling == Sampling::Quartered) {
        return decode_planes(jpeg,
                             {picture.data(), chroma.data(), chroma.data() + chroma.size() / 2});
    }
    MINIKVM_TRY(decode_planes(jpeg, {picture.data(), blue_.data(), red_.data()}));
    finish_chroma(sampling, chroma);
    return {};
}

void JpegDecoder::finish_yuyv(Sampling sampling, std::span<std::uint8_t> picture) {
    const std::size_t width = size_.width_px;
    for (std::size_t row = 0; row < size_.height_px; ++row) {
        const std::size_t chroma = sampling == Sampling::Halved ? row : row / 2;
        pack_yuyv(std::span(luma_).subspan(row * width, width), chroma_row(blue_, chroma),
                  chroma_row(red_, chroma), picture.subspan(row * 2 * width, 2 * width));
    }
}

void JpegDecoder::finish_chroma(Sampling sampling, std::span<std::uint8_t> chroma) {
    const std::size_t samples = size_.width_px / 2;
    for (std::size_t row = 0; row < size_.height_px / 2; ++row) {
        std::span<std::uint8_t> blue = chroma_row(blue_, row);
        std::span<std::uint8_t> red = chroma_row(red_, row);
        if (sampling == Sampling::Halved) {
            blue = chroma_row(blue_, 2 * row);
            red = chroma_row(red_, 2 * row);
            average(blue, chroma_row(blue_, 2 * row + 1), blue);
            average(red, chroma_row(red_, 2 * row + 1), red);
        }
        if (format_ == PictureFormat::Nv12) {
            interleave(blue, red, chroma.subspan(row * 2 * samples, 2 * samples));
        } else {
            std::ranges::copy(blue, chroma.subspan(row * samples).begin());
            std::ranges::copy(red, chroma.subspan(chroma.size() / 2 + row * samples).begin());
        }
    }
}

}  // namespace minikvm
