// SPDX-License-Identifier: MIT
// The picture that a camera has before the stick has delivered one.

#pragma once

#include <cstdint>
#include <vector>

#include "common/result.h"
#include "v4l2-bridge/video_mode.h"

namespace minikvm {

/// A JPEG of one dark grey, 4:2:2 as the stick's own. Errors: what TurboJPEG says of the size.
Result<std::vector<std::uint8_t>> make_start_picture(PictureSize size);

}  // namespace minikvm
