// SPDX-License-Identifier: MIT
// One uniform frame.

#include "sim/picture/filler.h"

#include "sim/picture/canvas.h"

namespace minikvm::sim {
namespace {

constexpr unsigned kLevel = 7;

}  // namespace

std::vector<std::uint8_t> filler_frame(const StreamFormat& format, Sampling sampling) {
    Canvas canvas(format.width_px, format.height_px);
    canvas.fill({0, 0, format.width_px, format.height_px}, color_from_rgb(kLevel, kLevel, kLevel));
    std::vector<std::uint8_t> frame;
    if (format.pixels == PixelFormat::Mjpeg) {
        // Exact, since the first coefficient's step of 8 divides 8 * (7 - 128).
        frame = encode_jpeg(canvas, sampling);
    } else {
        frame.resize(format.yuyv_bytes());
        pack_yuyv(canvas, 0, format.height_px, frame);
    }
    return frame;
}

}  // namespace minikvm::sim
