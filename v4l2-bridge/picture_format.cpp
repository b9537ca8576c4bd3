// SPDX-License-Identifier: MIT
// Picture formats: one row each.

#include "v4l2-bridge/picture_format.h"

#include <linux/videodev2.h>

#include <algorithm>
#include <array>

namespace minikvm {
namespace {

struct FormatRow {
    PictureFormat format;
    std::string_view name;
    std::uint32_t fourcc;
    unsigned bits_a_pixel;  // 0: differs from picture to picture
};

constexpr std::array<FormatRow, 4> kFormatRows = {
    {{PictureFormat::Mjpg, "mjpg", V4L2_PIX_FMT_MJPEG, 0},
     {PictureFormat::Yuyv, "yuyv", V4L2_PIX_FMT_YUYV, 16},
     {PictureFormat::Yu12, "yu12", V4L2_PIX_FMT_YUV420, 12},
     {PictureFormat::Nv12, "nv12", V4L2_PIX_FMT_NV12, 12}}};

const FormatRow& row_of(PictureFormat format) {
    return *std::ranges::find(kFormatRows, format, &FormatRow::format);
}

template <typename Member, typename Value>
std::optional<PictureFormat> find_by(Member member, const Value& value) {
    const auto* const found = std::ranges::find(kFormatRows, value, member);
    return found == kFormatRows.end() ? std::nullopt : std::optional(found->format);
}

}  // namespace

std::uint32_t fourcc(PictureFormat format) {
    return row_of(format).fourcc;
}

std::optional<PictureFormat> format_of_fourcc(std::uint32_t fourcc) {
    return find_by(&FormatRow::fourcc, fourcc);
}

std::string_view name_of(PictureFormat format) {
    return row_of(format).name;
}

std::optional<PictureFormat> format_named(std::string_view name) {
    return find_by(&FormatRow::name, name);
}

std::optional<std::size_t> picture_bytes(PictureFormat format, PictureSize size) {
    constexpr std::size_t kBitsAByte = 8;
    const unsigned bits = row_of(format).bits_a_pixel;
    if (bits == 0 || size.width_px % 2 != 0 || size.height_px % 2 != 0) {
        return std::nullopt;
    }
    return std::size_t{size.width_px} * size.height_px * bits / kBitsAByte;
}

std::string to_string(const CameraMode& mode) {
    return to_string(mode.video) + " " + std::string(name_of(mode.format));
}

}  // namespace minikvm
