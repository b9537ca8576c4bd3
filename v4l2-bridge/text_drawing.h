// SPDX-License-Identifier: MIT
// Text in a drawn picture, of any size.

#pragma once

#include <cstdint>
#include <string_view>

#include "v4l2-bridge/drawn_picture.h"

namespace minikvm {

/// How text looks. It is to be lighter than what is behind it.
struct TextStyle {
    float height_px = 0;  // of capitals
    std::uint8_t luma = 255;
};

/// Where the first letter's top left corner is.
struct TextPlace {
    float left_px = 0;
    float top_px = 0;
};

float text_width_px(std::string_view text, float height_px);

/// Draws with smooth edges; what is outside of the picture is not drawn. Thread: any thread.
void draw_text(DrawnPicture& picture, TextPlace place, const TextStyle& style,
               std::string_view text);

}  // namespace minikvm
