// SPDX-License-Identifier: MIT
// The picture formats that a camera can have.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "v4l2-bridge/video_mode.h"

namespace minikvm {

enum class PictureFormat {
    Mjpg,  // the stick's own JPEGs, passed on
    Yuyv,  // 4:2:2, packed
    Yu12,  // 4:2:0, three planes
    Nv12,  // 4:2:0, two planes
};

/// As V4L2 has it: V4L2_PIX_FMT_...
std::uint32_t fourcc(PictureFormat format);
std::optional<PictureFormat> format_of_fourcc(std::uint32_t fourcc);

/// As users have it: "yuyv".
std::string_view name_of(PictureFormat format);
std::optional<PictureFormat> format_named(std::string_view name);

/// Bytes of a raw picture; nothing for JPEGs, which differ, and for an odd width or height, which
/// halved colours do not cover.
std::optional<std::size_t> picture_bytes(PictureFormat format, PictureSize size);

/// What a camera announces.
struct CameraMode {
    VideoMode video;
    PictureFormat format = PictureFormat::Yuyv;

    bool operator==(const CameraMode&) const = default;
};

/// "1920x1080@30 yuyv", as the log has it.
std::string to_string(const CameraMode& mode);

}  // namespace minikvm
